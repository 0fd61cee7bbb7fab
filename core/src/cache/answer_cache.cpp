#include "answer_cache.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "../store/fingerprint.hpp"

namespace flowrun::core {
namespace {

// An answer as it stands in its file.
struct answer_record {
  std::uint8_t answered = 0;
  std::string reason;                               // of a skip
  std::vector<std::optional<std::string>> outputs;  // encoded; none: nobody needed it

  static void fields(flowrun::fields<answer_record>& f) {
    f.field("answered", &answer_record::answered)
        .field("reason", &answer_record::reason)
        .field("outputs", &answer_record::outputs);
  }
};

std::string hash_content(const type_info& type, const void* value) {
  fingerprint_hash h;
  const byte_sink sink(
      &h, [](void* to, const void* bytes, std::size_t size) { static_cast<fingerprint_hash*>(to)->add(bytes, size); });
  type.content(value, sink);
  return h.bytes();
}

const std::string& hash_once(content_hash& known, const type_info& type, const void* value) {
  std::call_once(known.once, [&] { known.bytes = hash_content(type, value); });
  return known.bytes;
}

// What a function of the stage may look at beside its inputs.
void add_item(fingerprint_hash& h, const item_info& item) {
  h.add(item.key).add(item.source).add(item.stream).add(item.seq).add(item.time_ns);
}

}  // namespace

answer_cache::answer_cache(answer_files files, std::string stage_alone, const stage_info& stage,
                           std::vector<bool> needed)
    : files_(std::move(files)), stage_alone_(std::move(stage_alone)), stage_(stage), needed_(std::move(needed)) {}

std::string answer_cache::key_of(const void* const* in, const item_info& item,
                                 std::span<content_hash* const> known) const {
  fingerprint_hash h;
  h.add("flowrun answer 2").add(stage_alone_);
  // Of another layout: not today's values.
  for (const output_info& o : stage_.outputs) h.add(o.type->name).add(o.type->fields_hash);
  const std::size_t values = stage_.shape == stage_shape::window ? 2 : stage_.inputs.size();
  for (std::size_t i = 0; i < values; ++i) {
    h.add(in[i] != nullptr);
    if (!in[i]) continue;
    const type_info& type = *stage_.inputs[std::min(i, stage_.inputs.size() - 1)].type;
    h.add(i < known.size() ? hash_once(*known[i], type, in[i]) : hash_content(type, in[i]));
  }
  if (stage_.wants_item) add_item(h, item);
  return h.bytes();
}

status answer_cache::find(const std::string& key, payload* out, std::string& reason) {
  const std::optional<std::string> content = files_.read(key);
  if (!content) return status::none;
  try {
    answer_record record;
    std::string_view rest = *content;
    codec<answer_record>::decode(record, rest);
    const auto answered = static_cast<status>(record.answered);
    if (answered == status::skip) {
      reason = std::move(record.reason);
      return answered;
    }
    std::vector<payload> found(stage_.outputs.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (!needed_[i]) continue;
      const std::optional<std::string>& blob = record.outputs.at(i);
      if (!blob) return status::none;  // another graph did not need it
      found[i].value = stage_.outputs[i].type->decode(*blob);
      found[i].bytes = blob->size();
    }
    for (std::size_t i = 0; i < found.size(); ++i) out[i] = std::move(found[i]);
    return status::value;
  } catch (const std::exception&) {
    return status::none;  // not of this type: it is computed and written anew
  }
}

void answer_cache::put(const std::string& key, status answered, const payload* out, const std::string& reason) {
  answer_record record;
  record.answered = static_cast<std::uint8_t>(answered);
  if (answered == status::skip) {
    record.reason = reason;
  } else {
    record.outputs.resize(stage_.outputs.size());
    for (std::size_t i = 0; i < stage_.outputs.size(); ++i)
      if (needed_[i]) stage_.outputs[i].type->encode(out[i].value.get(), record.outputs[i].emplace());
  }
  std::string content;
  try {
    codec<answer_record>::encode(record, content);
  } catch (const std::length_error&) {
    return;  // above 4 GiB: it is computed each time
  }
  files_.write(key, content);
}

}  // namespace flowrun::core
