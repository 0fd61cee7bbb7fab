// The code generated round a stage's functions: it turns arguments and results into packets, and every way a function
// can end into exactly one answer.
#pragma once
#include <cstring>
#include <exception>
#include <memory>
#include <tuple>
#include <utility>

#include "member_function.hpp"
#include "stage.hpp"

namespace flowrun::detail {

template <class F> member pack(F f) {
  static_assert(sizeof f <= sizeof(member::raw));
  member m;
  std::memcpy(m.raw, &f, sizeof f);
  return m;
}
template <class F> F unpack(const member& m) {
  F f;
  std::memcpy(&f, m.raw, sizeof f);
  return f;
}

// A value is read by stages that know no device.
inline void check_place(const tensor& t) {
  if (!t.where.on_cpu())
    throw std::logic_error("a tensor on " + t.where.text() + " cannot leave the stage; fetch() it from its session");
}
inline void check_place(const std::vector<tensor>& all) {
  for (const tensor& t : all) check_place(t);
}

template <class V> payload share(V&& value) {
  using T = std::remove_cvref_t<V>;
  if constexpr (std::is_same_v<T, tensor> || std::is_same_v<T, std::vector<tensor>>) check_place(value);
  payload p;
  p.bytes = payload_bytes<T>(value);
  p.value = std::make_shared<const T>(std::forward<V>(value));
  return p;
}

template <class Body> status guarded(std::string& reason, bool& stop_run, Body&& body) noexcept {
  try {
    return body();
  } catch (const skip& s) {
    reason = s.what();
    return status::skip;
  } catch (const run_error& e) {
    reason = e.what();
    stop_run = true;
  } catch (const std::exception& e) {
    reason = e.what();
  } catch (...) {
    reason = "threw something that is not a std::exception";
  }
  return status::error;
}

template <class F, class T, std::size_t... I>
decltype(auto) invoke(F f, T* self, const call_frame& frame, std::index_sequence<I...>) {
  using m = member_function<F>;
  if constexpr (m::wants_item)
    return (self->*f)(input<std::tuple_element_t<I, typename m::args>>::get(frame.in[I])..., *frame.item);
  else
    return (self->*f)(input<std::tuple_element_t<I, typename m::args>>::get(frame.in[I])...);
}

template <class R> void store_outputs(R&& value, payload* out) {
  if constexpr (is_tuple<std::remove_cvref_t<R>>::value)
    std::apply([&](auto&... each) { ((*out++ = share(std::move(each))), ...); }, value);
  else
    *out = share(std::forward<R>(value));
}

// Of a function that may give nothing: a std::optional without a value is a skip. `keep` gets what it gave.
template <class R, class Keep> status keep_result(R&& value, std::string& reason, Keep&& keep) {
  if constexpr (unwrap_optional<std::remove_cvref_t<R>>::is) {
    if (!value) {
      reason = "gave no value";
      return status::skip;
    }
    keep(std::move(*value));
  } else {
    keep(std::move(value));
  }
  return status::value;
}

// `Keep` puts the (unwrapped) result into the frame's outputs.
template <class T, class F, class Keep> status call_stage(F f, void* self, call_frame& frame, Keep&& keep) noexcept {
  using m = member_function<F>;
  return guarded(*frame.reason, frame.stop_run, [&]() -> status {
    auto* stage = static_cast<T*>(self);
    constexpr auto indices = std::make_index_sequence<m::arity>{};
    if constexpr (std::is_void_v<typename m::result>) {
      invoke(f, stage, frame, indices);
    } else {
      auto value = invoke(f, stage, frame, indices);
      return keep_result(std::move(value), *frame.reason, keep);
    }
    return status::value;
  });
}

template <class T, class F> status call_run(const stage_info& stage, void* self, call_frame& frame) {
  return call_stage<T>(unpack<F>(stage.function), self, frame,
                       [&frame](auto&& value) { store_outputs(std::move(value), frame.out); });
}

// The result is a struct; each output is one of its members.
template <class T, class F, class R, class... M>
status call_members(const stage_info& stage, void* self, call_frame& frame) {
  return call_stage<T>(unpack<F>(stage.function), self, frame, [&](R&& value) {
    std::size_t i = 0;
    ((frame.out[i] = share(std::move(value.*unpack<M R::*>(stage.output_members[i]))), ++i), ...);
  });
}

template <class F, class T, std::size_t... I>
decltype(auto) invoke_gather(F f, T* self, const gather_frame& frame, std::index_sequence<I...>) {
  using g = gather_of<F>;
  if constexpr (std::is_void_v<typename g::before>)
    return (self->*f)(std::remove_cvref_t<std::tuple_element_t<I, typename g::tables>>(*frame.in[I])...);
  else
    return (self->*f)(std::remove_cvref_t<std::tuple_element_t<I, typename g::tables>>(*frame.in[I])...,
                      earlier<typename g::before>(frame.earlier));
}
template <class T, class F> status call_gather(const stage_info& stage, void* self, gather_frame& frame) {
  using result_type = typename member_function<F>::result;
  return guarded(*frame.reason, frame.stop_run, [&]() -> status {
    constexpr auto tables = std::make_index_sequence<std::tuple_size_v<typename gather_of<F>::tables>>{};
    auto value = invoke_gather(unpack<F>(stage.function), static_cast<T*>(self), frame, tables);
    frame.out->assign(1, {});
    if constexpr (rows_of<result_type>::is) {
      if (value.values.size() != frame.in[0]->values.size())
        throw std::runtime_error("gave " + std::to_string(value.values.size()) + " rows for a table of " +
                                 std::to_string(frame.in[0]->values.size()));
      for (auto& row : value.values) (*frame.out)[0].push_back(row ? share(std::move(*row)) : payload{});
    } else {
      (*frame.out)[0].push_back(share(std::move(value)));
    }
    return status::value;
  });
}

// next() fills a reference of the source's own type.
template <class T, class F> std::shared_ptr<item_ref> call_next(const stage_info& stage, void* self) {
  using ref = std::remove_cvref_t<std::tuple_element_t<0, typename member_function<F>::args>>;
  auto r = std::make_shared<ref>();
  return (static_cast<T*>(self)->*unpack<F>(stage.next))(*r) ? r : nullptr;
}
template <class T, class F> status call_load(const stage_info& stage, void* self, call_frame& frame) {
  using ref = std::remove_cvref_t<std::tuple_element_t<0, typename member_function<F>::args>>;
  const auto* r = static_cast<const ref*>(static_cast<const item_ref*>(frame.in[0]));
  const void* in[] = {r};
  call_frame own{in, frame.out, frame.reason, frame.item, false};
  status s = call_run<T, F>(stage, self, own);
  frame.stop_run = own.stop_run;
  return s;
}

}  // namespace flowrun::detail
