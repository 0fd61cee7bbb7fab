// Is run() const as good as its word, or prepare() and finish()? The compiler sees neither aliased pixels, nor members
// behind pointers, nor `mutable`.
#pragma once
#include <atomic>
#include <concepts>
#include <optional>
#include <thread>
#include <tuple>
#include <vector>

#include "model.hpp"
#include "snapshot.hpp"
#include "stage.hpp"

namespace flowrun::testing {

struct parallel_options {
  int threads = 8;
  int rounds = 20;  // each thread goes through the inputs so many times
};

namespace detail {

// An answer as it was at its moment: what a stage writes later into memory it gave away does not change it.
struct recorded {
  answer given;
  std::vector<snapshot> out, rows;
};

template <class T, class Inputs> class parallel_check {
 public:
  parallel_check(stage<T>& s, const std::vector<Inputs>& inputs, parallel_options options)
      : stage_(s), inputs_(inputs), options_(options) {
    for (const Inputs& in : inputs_) before_.push_back(take_inputs(in));
    stage_.open();
  }

  std::string run() {
    if (stage_.info().serial) return stage_.info().name + ": its run() is not const, so it is never called in parallel";
    for (const output_info& o : stage_.info().outputs)
      if (!can_compare(o))
        return stage_.info().name + ": output '" + o.name + "' cannot be compared: " + o.type->name +
               " has neither fields() nor operator==";
    try {
      run_alone();
      if (found_.empty()) run_again();
    } catch (const stage_fault& e) {
      return e.what();
    }
    if (found_.empty()) run_together();
    if (found_.empty()) find_late_changes();
    return found_;
  }

 private:
  using result = typename decltype(run_result<T>())::type;

  static bool can_compare(const output_info& o) { return has_snapshot(*o.type) || has_equality<result>(*o.type); }

  std::vector<snapshot> take_inputs(const Inputs& in) const {
    return std::apply([&](const auto&... each) { return std::vector<snapshot>{take_input(each)...}; }, in);
  }
  template <class In> static snapshot take_input(const In& in) {
    if constexpr (std::is_same_v<In, std::nullptr_t>)
      return {};
    else
      return take_snapshot<std::tuple<In>>(type_of<In>(), std::make_shared<In>(in));
  }
  recorded record(std::size_t i) {
    recorded r;
    r.given = std::apply([&](const auto&... each) { return stage_.run(each...); }, inputs_[i]);
    if (r.given)
      for (std::size_t k = 0; k < r.given.out.size(); ++k)
        r.out.push_back(take_snapshot<result>(*stage_.info().outputs[k].type, r.given.out[k].value));
    for (const tensor& t : r.given.rows)
      r.rows.push_back(take_snapshot<result>(type_of<tensor>(), std::make_shared<const tensor>(t)));
    return r;
  }
  static std::string answer_text(const answer& a) {
    return a ? "a value" : std::string(status_name(a.answered)) + " (" + a.reason + ")";
  }
  std::string difference(std::size_t i, const recorded& now, const std::string& who, const std::string& other) const {
    const recorded& first = alone_[i];
    const std::string where = stage_.info().name + ", input " + std::to_string(i) + ": ";
    if (now.given.answered != first.given.answered || now.given.reason != first.given.reason)
      return where + who + " gave " + answer_text(now.given) + ", " + other + " " + answer_text(first.given);
    for (std::size_t k = 0; k < now.out.size(); ++k)
      if (std::string d = compare<result>(now.out[k], first.out[k]); !d.empty())
        return where + "output '" + stage_.info().outputs[k].name + "' of " + who + " is not that of " + other + d;
    for (std::size_t k = 0; k < now.rows.size(); ++k)
      if (std::string d = compare<result>(now.rows[k], first.rows[k]); !d.empty())
        return where + "the rows that prepare() wrote by " + who + " are not those of " + other + d;
    return {};
  }
  std::string difference_together(std::size_t i, const std::string& who) {
    try {
      return difference(i, record(i), who, "one thread");
    } catch (const stage_fault& e) {
      return std::string(e.what()) + ", by " + who;
    }
  }
  std::string changed_input(std::size_t i) const {
    const std::vector<snapshot> now = take_inputs(inputs_[i]);
    for (std::size_t k = 0; k < now.size(); ++k)
      if (std::string d = compare<Inputs>(now[k], before_[i][k]); !d.empty())
        return stage_.info().name + ", input " + std::to_string(i) + ": " +
               (stage_.info().shape == stage_shape::model ? "a call" : "run()") + " changed '" +
               stage_.info().inputs[k].name + "', which other stages read too" + d;
    return {};
  }

  void run_alone() {
    for (std::size_t i = 0; i < inputs_.size() && found_.empty(); ++i) {
      alone_.push_back(record(i));
      found_ = changed_input(i);
    }
    if (found_.empty()) find_late_changes();
  }
  // Backwards: an answer that depends on the calls before it is another one now.
  void run_again() {
    for (std::size_t i = inputs_.size(); i-- > 0 && found_.empty();)
      found_ = difference(i, record(i), "a second call", "the first one");
  }
  void run_together() {
    std::vector<std::string> faults(static_cast<std::size_t>(options_.threads));
    std::atomic<int> waiting = options_.threads;
    std::atomic<bool> stop = false;
    const std::string who = std::to_string(options_.threads) + " threads";
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < faults.size(); ++t)
      threads.emplace_back([&, t] {
        --waiting;
        while (waiting > 0) std::this_thread::yield();
        for (int round = 0; round < options_.rounds; ++round)
          for (std::size_t k = 0; k < inputs_.size() && !stop; ++k) {
            const std::size_t i = (k + t) % inputs_.size();
            faults[t] = difference_together(i, who);
            if (!faults[t].empty()) stop = true;
          }
      });
    for (std::thread& t : threads) t.join();
    for (const std::string& fault : faults)
      if (found_.empty()) found_ = fault;
    for (std::size_t i = 0; i < inputs_.size() && found_.empty(); ++i) found_ = changed_input(i);
  }
  // A value belongs to whoever it was given to.
  void find_late_changes() {
    for (std::size_t i = 0; i < alone_.size(); ++i)
      for (std::size_t k = 0; k < alone_[i].out.size(); ++k)
        if (std::string d = compare<result>(retake<result>(alone_[i].out[k]), alone_[i].out[k]); !d.empty()) {
          found_ = stage_.info().name + ", input " + std::to_string(i) + ": output '" + stage_.info().outputs[k].name +
                   "' was changed by a later call" + d;
          return;
        }
  }

  stage<T>& stage_;
  const std::vector<Inputs>& inputs_;
  parallel_options options_;
  std::vector<std::vector<snapshot>> before_;
  std::vector<recorded> alone_;
  std::string found_;
};

}  // namespace detail

// Runs a const stage, or a model's tester, over the inputs by one thread and by many, and compares the answers and,
// before and after, the inputs. Values are compared as the store would keep them where their type has fields, pixel by
// pixel as images, else by operator==. "" is well; else one sentence that names the input (from 0) and the difference.
template <class T, class... In>
std::string check_parallel(stage<T>& s, const std::vector<std::tuple<In...>>& inputs, parallel_options options = {}) {
  return detail::parallel_check<T, std::tuple<In...>>(s, inputs, options).run();
}
// The same for a stage with one input.
template <class T, class In>
std::string check_parallel(stage<T>& s, const std::vector<In>& inputs, parallel_options options = {}) {
  std::vector<std::tuple<In>> each;
  for (const In& in : inputs) each.emplace_back(in);
  return check_parallel(s, each, options);
}
// The same for a stage as it is described, without parameters set.
template <class T, class Inputs> std::string check_parallel(const Inputs& inputs, parallel_options options = {}) {
  stage<T> s;
  return check_parallel(s, inputs, options);
}

}  // namespace flowrun::testing
