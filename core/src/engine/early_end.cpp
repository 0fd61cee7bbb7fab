#include "early_end.hpp"

#include <exception>

#include "../model/opened_model.hpp"
#include "../plugin/plugin_library.hpp"
#include "../run/stage_object.hpp"
#include "../store/store_error.hpp"

namespace flowrun::core {

early_end explain_exception() {
  try {
    throw;
  } catch (const store_error& e) {
    return {e.exit_code, e.what()};
  } catch (const start_error& e) {
    return {e.exit_code, e.what()};
  } catch (const plugin_error& e) {
    return {69, e.what()};
  } catch (const model_error& e) {
    return {69, e.what()};
  } catch (const std::exception& e) {
    return {70, std::string("internal error: ") + e.what()};
  } catch (...) {
    return {70, "internal error: something was thrown that is not a std::exception"};
  }
}

}  // namespace flowrun::core
