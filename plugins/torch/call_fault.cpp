#include "call_fault.hpp"

#include <c10/util/Exception.h>

#include <new>

namespace flowrun::torch_backend {

// TorchScript puts its traceback first and the cause last; stack traces of C++ follow a line of their own.
std::string short_text(const std::exception& e) {
  const auto* error = dynamic_cast<const c10::Error*>(&e);
  std::string text = error ? error->what_without_backtrace() : e.what();
  std::size_t traceback = text.find("Traceback of TorchScript");
  std::size_t begin = 0, end = text.find('\n');
  if (traceback != std::string::npos) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    begin = text.rfind('\n') + 1;
    end = std::string::npos;
  }
  text = text.substr(begin, end == std::string::npos ? end : end - begin);
  std::size_t declaration = text.find(". Declaration: ");
  if (declaration != std::string::npos) text.resize(declaration);
  constexpr const char* prefix = "RuntimeError: ";
  if (text.rfind(prefix, 0) == 0) text.erase(0, std::char_traits<char>::length(prefix));
  return text.empty() ? "LibTorch gave no reason" : text;
}

// After these no call of this process succeeds on the device any more.
static bool is_sticky(const std::string& text) {
  for (const char* sign :
       {"illegal memory access", "unspecified launch failure", "device-side assert", "misaligned address",
        "uncorrectable ECC", "GPU is lost", "fallen off the bus", "hardware exception", "launch timed out",
        "illegal instruction", "invalid program counter", "hardware stack error", "address space"})
    if (text.find(sign) != std::string::npos) return true;
  return false;
}

// cuBLAS and cuDNN set themselves up at a first call, and say no more than that when they found no memory for it.
static bool is_memory(const std::string& text) {
  for (const char* sign : {"out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUBLAS_STATUS_NOT_INITIALIZED",
                           "CUDNN_STATUS_ALLOC_FAILED", "CUDNN_STATUS_NOT_INITIALIZED"})
    if (text.find(sign) != std::string::npos) return true;
  return false;
}

run_result current_fault(bool on_cuda) {
  try {
    throw;
  } catch (const c10::OutOfMemoryError& e) {
    return {run_outcome::out_of_memory, short_text(e)};
  } catch (const std::bad_alloc&) {
    return {run_outcome::out_of_memory, "the system has no memory left"};
  } catch (const std::exception& e) {
    std::string whole = e.what();
    if (is_memory(whole)) return {run_outcome::out_of_memory, short_text(e)};
    if (on_cuda && is_sticky(whole)) return {run_outcome::device_lost, short_text(e)};
    return {run_outcome::failed, short_text(e)};
  } catch (...) {
    return {run_outcome::failed, "something that is no std::exception was thrown"};
  }
}

}  // namespace flowrun::torch_backend
