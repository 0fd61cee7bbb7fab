// A model's file, opened once and checked: what is hashed is what is run, whatever happens to its name meanwhile.
#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>

#include <flowrun/model_file.hpp>

namespace flowrun::core {

struct model_error : std::runtime_error {  // exit code 69
  using std::runtime_error::runtime_error;
};

class opened_model {
 public:
  // Opens the variant's file, hashes the opened file, compares. Throws model_error naming the model, the file, both
  // hashes and what to do.
  opened_model(const model_file& model, const model_variant& variant);
  // Of a file that the user named just now: it is taken as it is.
  explicit opened_model(const std::filesystem::path& file);
  ~opened_model();
  opened_model(const opened_model&) = delete;
  opened_model& operator=(const opened_model&) = delete;
  opened_model(opened_model&& other) noexcept;

  std::string path() const;           // "/proc/self/fd/N": stays this file
  const std::string& sha256() const;  // hex

 private:
  void open(const std::filesystem::path& file, const std::string& its, const std::string& cure);

  int descriptor_ = -1;
  std::string sha256_;
};

std::string sha256_of_text(const std::string& text);  // hex

}  // namespace flowrun::core
