#include "answer_cache.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "../store/fingerprint.hpp"

namespace flowrun::core {
namespace {

void add_number(std::string& to, std::uint64_t number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}

std::uint64_t take_number(std::string_view& from) {
  std::uint64_t number = 0;
  if (from.size() < sizeof number) throw std::runtime_error("cut off");
  std::memcpy(&number, from.data(), sizeof number);
  from.remove_prefix(sizeof number);
  return number;
}

std::string_view take_bytes(std::string_view& from) {
  const std::uint64_t size = take_number(from);
  if (from.size() < size) throw std::runtime_error("cut off");
  const std::string_view bytes = from.substr(0, size);
  from.remove_prefix(size);
  return bytes;
}

// Of a value, 128 bits.
std::string content_hash(const type_info& type, const void* value) {
  struct hash_state {
    XXH3_state_t* state = XXH3_createState();
    ~hash_state() { XXH3_freeState(state); }
  } hash;
  XXH3_128bits_reset(hash.state);
  const byte_sink sink(hash.state, [](void* to, const void* bytes, std::size_t size) {
    XXH3_128bits_update(static_cast<XXH3_state_t*>(to), bytes, size);
  });
  type.content(value, sink);
  const XXH128_hash_t sum = XXH3_128bits_digest(hash.state);
  std::string bytes(sizeof sum, '\0');
  std::memcpy(bytes.data(), &sum, sizeof sum);
  return bytes;
}

// What a function of the stage may look at beside its inputs.
void add_item(fingerprint_hash& h, const item_info& item) {
  h.add(item.key).add(item.source).add(item.stream).add(item.seq).add(item.time_ns);
}

}  // namespace

answer_cache::answer_cache(answer_files files, std::string stage_alone, const stage_info& stage,
                           std::vector<bool> needed)
    : files_(std::move(files)), stage_alone_(std::move(stage_alone)), stage_(stage), needed_(std::move(needed)) {}

std::string answer_cache::key_of(const void* const* in, const item_info& item) const {
  fingerprint_hash h;
  h.add("flowrun answer 1").add(stage_alone_);
  // Of another layout: not today's values.
  for (const output_info& o : stage_.outputs) h.add(o.type->name).add(o.type->fields_hash);
  const std::size_t values = stage_.shape == stage_shape::window ? 2 : stage_.inputs.size();
  for (std::size_t i = 0; i < values; ++i) {
    h.add(in[i] != nullptr);
    if (in[i]) h.add(content_hash(*stage_.inputs[std::min(i, stage_.inputs.size() - 1)].type, in[i]));
  }
  if (stage_.wants_item) add_item(h, item);
  return h.bytes();
}

status answer_cache::find(const std::string& key, payload* out, std::string& reason) {
  const std::optional<std::string> content = files_.read(key);
  if (!content) return status::none;
  try {
    std::string_view rest = *content;
    const auto answered = static_cast<status>(take_number(rest));
    if (answered == status::skip) {
      reason = take_bytes(rest);
      return answered;
    }
    std::vector<payload> found(stage_.outputs.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const bool there = take_number(rest) != 0;
      if (!there && needed_[i]) return status::none;  // another graph did not need it
      if (!there) continue;
      const std::string_view blob = take_bytes(rest);
      if (!needed_[i]) continue;
      found[i].value = stage_.outputs[i].type->decode(blob);
      found[i].bytes = blob.size();
    }
    for (std::size_t i = 0; i < found.size(); ++i) out[i] = std::move(found[i]);
    return status::value;
  } catch (const std::exception&) {
    return status::none;  // not of this type: it is computed and written anew
  }
}

void answer_cache::put(const std::string& key, status answered, const payload* out, const std::string& reason) {
  std::string content;
  add_number(content, static_cast<std::uint64_t>(answered));
  if (answered == status::skip) {
    add_number(content, reason.size());
    content += reason;
  } else {
    for (std::size_t i = 0; i < stage_.outputs.size(); ++i) {
      add_number(content, needed_[i] ? 1 : 0);
      if (!needed_[i]) continue;
      std::string blob;
      stage_.outputs[i].type->encode(out[i].value.get(), blob);
      add_number(content, blob.size());
      content += blob;
    }
  }
  files_.write(key, content);
}

}  // namespace flowrun::core
