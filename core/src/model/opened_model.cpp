#include "opened_model.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

namespace flowrun::core {

namespace {

constexpr std::size_t block_bytes = 1 << 20;

class sha256_sum {
 public:
  sha256_sum() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
      throw model_error("libcrypto offers no SHA-256, so no model file can be checked");
  }
  void add(const void* bytes, std::size_t n) {
    if (EVP_DigestUpdate(context_.get(), bytes, n) != 1) throw model_error("libcrypto could not hash");
  }
  std::string hex() {
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (EVP_DigestFinal_ex(context_.get(), sum, &length) != 1) throw model_error("libcrypto could not hash");
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
      text += "0123456789abcdef"[sum[i] >> 4];
      text += "0123456789abcdef"[sum[i] & 15];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

struct open_file {
  int descriptor;
  ~open_file() {
    if (descriptor >= 0) ::close(descriptor);
  }
};

// From the beginning to the end, and back to the beginning. `fault` is set when it could not be read.
std::string sha256_of_file(int descriptor, std::string& fault) {
  sha256_sum sum;
  std::vector<char> block(block_bytes);
  for (;;) {
    const ssize_t n = ::read(descriptor, block.data(), block.size());
    if (n > 0) {
      sum.add(block.data(), static_cast<std::size_t>(n));
    } else if (n == 0) {
      break;
    } else if (errno != EINTR) {
      fault = std::strerror(errno);
      return {};
    }
  }
  if (::lseek(descriptor, 0, SEEK_SET) != 0) fault = std::strerror(errno);
  return sum.hex();
}

}  // namespace

// `its`: how a sentence about the file begins; `cure`: what to do where it is not there.
void opened_model::open(const std::filesystem::path& file, const std::string& its, const std::string& cure) {
  // Not blocking: a pipe without a writer would never open.
  open_file opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat info {};
  if (opened.descriptor < 0 || ::fstat(opened.descriptor, &info) != 0)
    throw model_error(its + "cannot be opened: " + std::strerror(errno) + "; fetch or export it, or " + cure);
  if (!S_ISREG(info.st_mode))
    throw model_error(its + (S_ISDIR(info.st_mode) ? "is a folder" : "is no regular file") + "; " + cure);
  std::string fault;
  sha256_ = sha256_of_file(opened.descriptor, fault);
  if (!fault.empty()) throw model_error(its + "cannot be read: " + fault);
  descriptor_ = std::exchange(opened.descriptor, -1);
}

opened_model::opened_model(const model_file& model, const model_variant& variant) {
  const std::filesystem::path file = std::filesystem::path(model.file).parent_path() / variant.path;
  const std::string its = "model '" + model.name + "' (" + model.file + "): its file " + file.string() + " ";
  open(file, its, "correct its path in the model file");
  if (sha256_ == variant.sha256) return;
  ::close(std::exchange(descriptor_, -1));  // no destructor follows
  throw model_error(its + "has sha256 " + sha256_ + ", the model file says " + variant.sha256 +
                    "; fetch it again, or put the new sum into the model file if you trust it");
}

opened_model::opened_model(const std::filesystem::path& file) {
  open(file, file.string() + " ", "correct the path");
}

opened_model::~opened_model() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

opened_model::opened_model(opened_model&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), sha256_(std::move(other.sha256_)) {}

std::string opened_model::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

const std::string& opened_model::sha256() const {
  return sha256_;
}

std::string sha256_of_text(const std::string& text) {
  sha256_sum sum;
  sum.add(text.data(), text.size());
  return sum.hex();
}

}  // namespace flowrun::core
