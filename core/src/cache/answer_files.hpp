// A folder of small files, each an answer under its key: the least recently used go first when it grows too large. Any
// number of threads and processes may use one folder.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace flowrun::core {

class answer_files {
 public:
  // `folder` is made when something is written. `most` bytes.
  answer_files(std::filesystem::path folder, std::uint64_t most);

  // What is damaged, cut off or not readable is not there.
  std::optional<std::string> read(const std::string& key) const;
  // There whole or not at all. A folder that cannot be written is told once, by fault(), and then left alone.
  void write(const std::string& key, const std::string& content);
  // Removes the least recently used until nine tenths of `most` are left; returns how many files went.
  std::size_t trim() const;
  std::string fault() const;

 private:
  struct state;
  std::shared_ptr<state> s_;
};

}  // namespace flowrun::core
