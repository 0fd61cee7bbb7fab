// A plan on the terminal and as JSON.
#include <cstdio>
#include <nlohmann/json.hpp>

#include <flowrun/plan.hpp>

namespace flowrun {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(planned_stage, name, use, model, device, precision, wished_batch, batch, slots,
                                   lanes, resident, workspace)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(planned_device, name, total, budget, residents, pool, problem, card)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plan_report, stages, devices, threads, in_flight, problem)

static unsigned long long mib(std::uint64_t bytes) {
  return static_cast<unsigned long long>((bytes + (1 << 19)) >> 20);
}

template <class... A> static std::string format(const char* pattern, A... values) {
  char text[512];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

std::string to_text(const plan_report& p) {
  if (!p.problem.empty()) return p.problem + "\n";
  std::string t;
  if (p.stages.empty()) t += "no stage runs a model\n";
  for (const planned_device& d : p.devices) {
    t += format("device %s%s: %llu MiB, budget %llu MiB = weights %llu MiB + batches %llu MiB\n", d.name.c_str(),
                d.card.empty() ? "" : (" (" + d.card + ")").c_str(), mib(d.total), mib(d.budget), mib(d.residents),
                mib(d.pool));
    if (!d.problem.empty()) t += d.problem + (d.problem.back() == '\n' ? "" : "\n");
  }
  std::size_t width = 5, model = 5, device = 6;
  for (const planned_stage& s : p.stages) {
    width = std::max(width, s.name.size());
    model = std::max(model, s.model.size());
    device = std::max(device, s.device.size());
  }
  if (!p.stages.empty() && p.ok())
    t += format("%-*s  %-*s  %-*s  %-9s %6s %6s %6s %12s %12s\n", static_cast<int>(width), "stage",
                static_cast<int>(model), "model", static_cast<int>(device), "device", "precision", "wished", "batch",
                "slots", "weights MiB", "a batch MiB");
  for (const planned_stage& s : p.stages) {
    if (!p.ok()) break;
    t += format("%-*s  %-*s  %-*s  %-9s %6llu %6llu %6d %12llu %12llu\n", static_cast<int>(width), s.name.c_str(),
                static_cast<int>(model), s.model.c_str(), static_cast<int>(device), s.device.c_str(),
                s.precision.c_str(), static_cast<unsigned long long>(s.wished_batch),
                static_cast<unsigned long long>(s.batch), s.slots, mib(s.resident), mib(s.workspace));
  }
  t += format("threads %d, in_flight %d\n", p.threads, p.in_flight);
  return t;
}

std::string to_json(const plan_report& p) {
  nlohmann::json j = p;
  j["ok"] = p.ok();
  return j.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace flowrun
