// A device stage with its parameters and networks that the test gives, called as the runtime calls it.
#pragma once
#include <map>
#include <utility>

#include "network.hpp"
#include "put_unresized.hpp"
#include "stage.hpp"

namespace flowrun::testing {

namespace detail {

// One of the stage's networks: the model file as data, and the function that stands for it.
struct given_network {
  template <class Network> given_network(model_file f, Network n, std::size_t rows, decltype(row_format::put) put)
      : file(std::move(f)), format{&file, put}, network(file, std::move(n)), most_rows(rows) {}
  given_network(const given_network&) = delete;

  model_file file;
  row_format format;
  checked_network network;
  std::size_t most_rows;
};

// What the test's network says lies on a simulated device lies in the CPU's memory all the same.
inline tensor from_device(tensor t) {
  if (t.where.kind == place::sim) t.where = {};
  return t;
}

class network_session : public lane_session {
 public:
  explicit network_session(given_network& of) : lane_session(of.format), of_(of) {}
  std::vector<tensor> run(const std::vector<tensor>& in) override {
    const std::string fault = find_input_fault(of_.file, in, of_.most_rows);
    if (!fault.empty()) throw std::logic_error(fault);
    std::vector<tensor> read;
    for (const tensor& t : pad_to_buckets(in, *this)) read.push_back(from_device(t));
    return of_.network.run(of_.file, read);
  }
  tensor fetch(const tensor& output) override { return from_device(output); }

 private:
  given_network& of_;
};

class network_lane : public lane {
 public:
  network_lane(const std::string& stage, const std::map<std::string, std::unique_ptr<given_network>>& networks)
      : stage_(stage) {
    for (const auto& entry : networks) sessions_.try_emplace(entry.first, *entry.second);
  }
  lane_session& session(std::string_view name) override {
    auto at = sessions_.find(std::string(name));
    if (at == sessions_.end()) throw std::logic_error(stage_ + " has no model '" + std::string(name) + "'");
    return at->second;
  }

 private:
  const std::string& stage_;
  std::map<std::string, network_session> sessions_;
};

}  // namespace detail

//   flowrun::testing::device<segment> s;
//   s.network("encoder", file, [](std::span<const flowrun::tensor> in) { return std::vector<flowrun::tensor>{...}; });
//   s.run(picture)
// A network that gives tensors with `where = {place::sim, 0}` stands for one whose outputs stay on its device: the
// stage has to fetch() what it reads.
template <described_stage T> class device : public stage<T> {
 public:
  device() {
    if (this->info().shape != stage_shape::device)
      throw std::invalid_argument(this->info().name + " is not a device stage");
  }

  // What lane.session(name) calls: a row_network or a tensor_network, as for a model stage.
  template <class Network>
  device& network(const std::string& name, model_file file, Network n, decltype(row_format::put) put = &put_unresized) {
    const model_info& m = line(name);
    if (!m.task.empty() && file.task != m.task)
      throw std::invalid_argument("the model '" + file.name + "' is for " +
                                  (file.task.empty() ? "no task" : "'" + file.task + "'") + ", but '" + m.name +
                                  "' of " + this->info().name + " needs one for '" + m.task + "'");
    networks_[name] = std::make_unique<detail::given_network>(std::move(file), std::move(n),
                                                              m.batch > 0 ? static_cast<std::size_t>(m.batch) : 1, put);
    return *this;
  }

 protected:
  void check_run() const override {
    for (const model_info& m : this->info().models)
      if (!networks_.count(m.name))
        throw std::invalid_argument(this->info().name + " needs a network for its model '" + m.name +
                                    "'; give it by network()");
  }
  answer call(const void* const* in, const item_info& item) override {
    this->open();
    answer a;
    a.stage = &this->info();
    a.out.resize(this->info().outputs.size());
    detail::network_lane lane(this->info().name, networks_);
    call_frame frame{in, a.out.data(), &a.reason, &item, false, &lane};
    a.answered = this->info().call(this->info(), &this->object(), frame);
    a.stops_run = frame.stop_run;
    return a;
  }

 private:
  const model_info& line(const std::string& name) const {
    for (const model_info& m : this->info().models)
      if (m.name == name) return m;
    throw std::invalid_argument(this->info().name + " has no model '" + name + "'");
  }
  std::map<std::string, std::unique_ptr<detail::given_network>> networks_;
};

}  // namespace flowrun::testing
