#include "model_identity.hpp"

#include <cstdio>
#include <type_traits>

#include "opened_model.hpp"

namespace flowrun::core {

namespace {

// Every part ends where the next begins: its length stands before it.
class identity_text {
 public:
  identity_text& add(const std::string& part) {
    text += std::to_string(part.size()) + ":" + part;
    return *this;
  }
  identity_text& add(double v) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.17g", v);
    return add(std::string(digits));
  }
  std::string text;
};

void add_preprocess(identity_text& t, const preprocess_spec& p) {
  for (int v : {static_cast<int>(p.mode), static_cast<int>(p.filter), p.width, p.height, p.center_crop ? 1 : 0,
                static_cast<int>(p.order), static_cast<int>(p.layout)})
    t.add(v);
  t.add(p.scale);
  for (const auto* three : {&p.fill, &p.mean, &p.std})
    for (double v : *three) t.add(v);
}

// What an image becomes and how far a row is padded, both of which the network may see.
void add_shape(identity_text& t, const model_port& p) {
  t.add(static_cast<double>(p.buckets.size()));
  for (std::int64_t bucket : p.buckets) t.add(static_cast<double>(bucket));
  for (const dimension& d : p.shape) t.add(static_cast<double>(d.low)).add(static_cast<double>(d.high));
}

}  // namespace

std::string identify_model(const model_file& model, const model_variant& variant, const std::string& file_sha256,
                           const std::string& precision) {
  identity_text t;
  t.add(file_sha256).add(variant.backend).add(variant.method).add(precision);
  for (const auto& entry : model.preprocess) {
    t.add(entry.first);
    add_preprocess(t, entry.second);
  }
  for (const auto& entry : model.constants) {
    t.add(entry.first).add(static_cast<double>(entry.second.index()));
    std::visit(
        [&t](const auto& v) {
          if constexpr (std::is_arithmetic_v<std::decay_t<decltype(v)>>)
            t.add(static_cast<double>(v));
          else
            t.add(v);
        },
        entry.second);
  }
  if (model.stream_state) t.add("state: stream");
  for (const std::string& label : model.labels) t.add(label);
  for (const auto* ports : {&model.inputs, &model.outputs})
    for (const model_port& p : *ports) {
      t.add(p.name);
      add_shape(t, p);
    }
  return sha256_of_text(t.text);
}

}  // namespace flowrun::core
