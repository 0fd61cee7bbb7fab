#include "call_fault.hpp"

#include <new>
#include <opencv2/core.hpp>
#include <regex>

namespace flowrun::dnn_backend {

// "OpenCV(4.6.0) ./modules/dnn/src/x.cpp:123: error: (-215:Assertion failed) a == b in function 'f'"
static std::string short_text(std::string text) {
  static const std::regex source(R"(OpenCV\([^)]*\) [^ ]*:[0-9]+: error: )"), gap(R"(\s*\n[\s>]*)");
  text = std::regex_replace(text, source, "");
  text = std::regex_replace(text, gap, " ");
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text.empty() ? "OpenCV gave no reason" : text;
}

std::string current_text() {
  try {
    throw;
  } catch (const cv::Exception& e) {
    return short_text(e.err);
  } catch (const std::bad_alloc&) {
    return "the system has no memory left";
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something that is no std::exception was thrown";
  }
}

run_result current_fault() {
  const std::string text = current_text();
  try {
    throw;
  } catch (const cv::Exception& e) {
    return {e.code == cv::Error::StsNoMem ? run_outcome::out_of_memory : run_outcome::failed, text};
  } catch (const std::bad_alloc&) {
    return {run_outcome::out_of_memory, text};
  } catch (...) {
    return {run_outcome::failed, text};
  }
}

}  // namespace flowrun::dnn_backend
