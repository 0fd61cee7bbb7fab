// The networks of a device stage as one call of its run() sees them, and what became of its calls.
#pragma once
#include <flowrun/lane.hpp>
#include <vector>

#include "device_stage.hpp"

namespace flowrun::core {

class lane_calls : public lane {
 public:
  explicit lane_calls(device_stage& s);

  lane_session& session(std::string_view name) override;

  // The worst of its calls; what it says stands in `fault`.
  run_outcome outcome() const { return outcome_; }
  const std::string& fault() const { return fault_; }

 private:
  class calls : public lane_session {
   public:
    calls(lane_calls& of, const lane_network& network) : lane_session(network.format), of_(of), network_(network) {}
    std::vector<tensor> run(const std::vector<tensor>& in) override;
    tensor fetch(const tensor& output) override;
    tensor make_input(dtype type, std::vector<std::int64_t> shape) override;

   private:
    lane_calls& of_;
    const lane_network& network_;
  };

  // Which of the networks' outputs stayed on the device: their NaN are seen when they are fetched.
  struct stayed_output {
    std::weak_ptr<void> data;
    const model_port* port;
  };

  // Throws unless all is well; what the stage does with that cannot change what the runtime does.
  void check(const lane_network& network, const run_result& r);
  void check_device(const lane_network& network);
  void note_stayed(const model_file& model, const std::vector<tensor>& out);
  const model_port* find_stayed(const tensor& t) const;  // also of a part of it; null: nothing that a network gave

  device_stage& stage_;
  std::vector<stayed_output> stayed_;
  std::vector<std::unique_ptr<calls>> sessions_;
  run_outcome outcome_ = run_outcome::ok;
  std::string fault_;
};

}  // namespace flowrun::core
