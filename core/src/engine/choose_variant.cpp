#include "choose_variant.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "../device/gpu_card.hpp"

namespace flowrun::core {

namespace {

constexpr std::string_view any_architecture = "cuda sm_";

bool is_for_architecture(const model_variant& v) {
  return v.target.compare(0, any_architecture.size(), any_architecture) == 0;
}

bool offers(const model_variant& v, const std::string& precision) {
  if (precision == "auto") return true;
  if (v.precisions.empty()) return precision == "fp32";
  return std::find(v.precisions.begin(), v.precisions.end(), precision) != v.precisions.end();
}

// How well it is made for the place; 0: not for it. On the CPU a file for any device is no worse than one for the CPU:
// which of them is faster, and so the first, was measured.
int closeness(const model_variant& v, const variant_place& place) {
  if (v.target == "any") return place.kind == "cpu" ? 2 : 1;
  if (v.target == place.kind) return 2;
  const bool same = place.kind == "cuda" && !place.architecture.empty() && v.target == "cuda " + place.architecture;
  return same ? 3 : 0;
}

}  // namespace

variant_place describe_place(const model_file& m, const device_spec& device, const gpu_options& gpus) {
  variant_place place{device.kind, {}, device.text};
  if (device.kind != "cuda" || std::none_of(m.variants.begin(), m.variants.end(), is_for_architecture)) return place;
  std::string fault;
  const auto card = open_card(gpus, device.index, fault);
  if (!card) throw std::runtime_error("device " + device.text + ": " + fault);
  place.architecture = card->architecture();
  place.text += " (" + card->name() + ", " +
                (place.architecture.empty() ? "of an architecture the driver does not tell" : place.architecture) + ")";
  return place;
}

const model_variant* choose_variant(const model_file& m, const variant_place& place, const std::string& precision) {
  const model_variant* best = nullptr;
  int most = 0;
  for (const model_variant& v : m.variants) {
    const int close = closeness(v, place);
    const int worth = close == 0 ? 0 : close + (offers(v, precision) ? 3 : 0);
    if (worth > most) best = &v;
    most = std::max(most, worth);
  }
  return best;
}

std::string list_targets(const model_file& m) {
  std::string list;
  for (const model_variant& v : m.variants)
    if ((", " + list + ",").find(", " + v.target + ",") == std::string::npos)
      list += (list.empty() ? "" : ", ") + v.target;
  return list;
}

}  // namespace flowrun::core
