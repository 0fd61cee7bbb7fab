// From the number a user gives to the card: which of the driver's it is, and whether its memory can be read.
#include <vector>

#include "gpu_card.hpp"
#include "visible_cards.hpp"

namespace flowrun::core {

namespace {

std::string count_cards(std::size_t n) {
  return n == 1 ? "1 card, cuda:0" : std::to_string(n) + " cards, cuda:0 to cuda:" + std::to_string(n - 1);
}

// Why there is no cuda:INDEX.
std::string explain_missing(const gpu_options& options, std::size_t there, std::size_t visible) {
  if (there == 0) return "the NVIDIA driver lists no card; use cpu or sim:SIZE";
  const std::string has = "the NVIDIA driver lists " + count_cards(there);
  if (!options.visible_devices) return has + "; use one of them";
  const std::string leaves = "CUDA_VISIBLE_DEVICES=" + *options.visible_devices;
  if (visible == 0) return leaves + " leaves no card, of " + std::to_string(there) + "; unset it, or name one";
  return leaves + " leaves " + count_cards(visible) + ", of " + std::to_string(there) + "; use one of them";
}

std::string name_of(const nvml_functions& f, nvml_device* card) {
  char name[nvml_text_size] = {};
  return card && f.name(card, name, sizeof name) == nvml_ok && name[0] ? name : "NVIDIA card";
}

// Named by the compute capability, as CUDA's compilers name what they compile for.
std::string architecture_of(const nvml_functions& f, nvml_device* card) {
  int major = 0, minor = 0;
  if (!f.capability || f.capability(card, &major, &minor) != nvml_ok || major <= 0 || minor < 0) return {};
  return "sm_" + std::to_string(major) + std::to_string(minor);
}

// CUDA numbers the fastest card first, if not told otherwise; the driver goes by their slots.
std::string doubt_order(const gpu_options& options, const nvml_functions& f, const std::vector<nvml_device*>& cards) {
  const bool by_name = options.visible_devices && options.visible_devices->find("GPU-") != std::string::npos;
  if (by_name || options.device_order == "PCI_BUS_ID") return {};
  for (nvml_device* card : cards)
    if (name_of(f, card) != name_of(f, cards[0]))
      return "the cards of this machine differ, and CUDA numbers the fastest first, the driver by their slots: set "
             "CUDA_DEVICE_ORDER=PCI_BUS_ID, so that cuda:N is the same card for both";
  return {};
}

}  // namespace

std::shared_ptr<const gpu_card> open_card(const gpu_options& options, int index, std::string& fault) {
  std::shared_ptr<const nvml> driver = nvml::open(options.nvml, fault);
  if (!driver) return nullptr;
  const nvml_functions& f = driver->call();
  auto refuse = [&](const std::string& what, int status) {
    fault = what + ": " + driver->explain(status) + "; " +
            (status == nvml_no_permission ? "let this user read the card" : "see what nvidia-smi says") +
            ", or use cpu or sim:SIZE";
    return nullptr;
  };
  unsigned count = 0;
  if (const int status = f.count(&count); status != nvml_ok)
    return refuse("the NVIDIA driver does not list its cards", status);
  std::vector<std::string> uuids;
  std::vector<nvml_device*> handles;
  for (unsigned i = 0; i < count; ++i) {
    nvml_device* card = nullptr;
    char uuid[nvml_text_size] = {};
    // A card that does not answer keeps its number, and has no UUID to be found by.
    if (f.handle(i, &card) != nvml_ok || f.uuid(card, uuid, sizeof uuid) != nvml_ok) uuid[0] = '\0';
    handles.push_back(card);
    uuids.emplace_back(uuid);
  }
  const std::vector<unsigned> visible = list_visible(options.visible_devices, uuids, fault);
  if (!fault.empty()) return nullptr;
  if (static_cast<std::size_t>(index) >= visible.size()) {
    fault = explain_missing(options, count, visible.size());
    return nullptr;
  }
  nvml_device* card = handles[visible[static_cast<std::size_t>(index)]];
  if (!card) {
    const int status = f.handle(visible[static_cast<std::size_t>(index)], &card);
    if (status != nvml_ok) return refuse("the card does not answer", status);
  }
  auto made = std::make_shared<const gpu_card>(driver, card, name_of(f, card), architecture_of(f, card),
                                               doubt_order(options, f, handles));
  nvml_memory m{};
  if (const int status = f.memory(card, &m); status != nvml_ok)
    return refuse("the memory of the " + made->name() + " cannot be read", status);
  return made;
}

}  // namespace flowrun::core
