#include <flowrun/live_run.hpp>
#include <stdexcept>

#include "live_session.hpp"

namespace flowrun {

const char* to_text(push_outcome o) {
  constexpr const char* texts[] = {"accepted", "timed out", "stopped", "closed", "ended"};
  return texts[static_cast<std::size_t>(o)];
}

struct live_run::parts {
  core::live_session session;
};

static std::shared_ptr<const core::loaded_graph> require_ok(const graph& g) {
  for (const problem& p : g.problems())
    if (!p.warning) throw std::logic_error("a live run needs a graph that is ok(), but " + to_text(p));
  return core::engine_access::share(g);
}

live_run::live_run(const graph& g, live_options options)
    : p_(new parts{core::live_session(require_ok(g), std::move(options))}) {}
live_run::~live_run() = default;

bool live_run::try_push(std::string_view input, const live_item& item) {
  return push(input, item, {}, std::chrono::milliseconds(0)) == push_outcome::accepted;
}
push_outcome live_run::push(std::string_view input, const live_item& item, std::stop_token stop,
                            std::chrono::milliseconds timeout) {
  return p_->session.push(input, item, std::move(stop), timeout);
}
std::optional<item_result> live_run::pull(std::chrono::milliseconds timeout) {
  return p_->session.pull(timeout);
}
void live_run::close() {
  p_->session.close();
}
void live_run::cancel() {
  p_->session.cancel();
}
report live_run::wait() {
  return p_->session.wait();
}
bool live_run::ended() const {
  return p_->session.ended();
}
progress live_run::now() const {
  return p_->session.now();
}

}  // namespace flowrun
