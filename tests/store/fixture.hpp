// What the store's tests share.
#pragma once
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <flowrun/codec.hpp>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "store/run_store.hpp"
#include "store/sqlite.hpp"

namespace store_test {

using namespace flowrun::core;
namespace fs = std::filesystem;

struct scratch {
  fs::path path;
  scratch() {
    std::string name = (fs::temp_directory_path() / "flowrun-store-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
    path = name;
    fs::permissions(path, fs::perms(0755));
  }
  ~scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

struct light {
  static constexpr auto port = "test.light/1";
  float mean = 0;
  std::optional<std::int32_t> angle;
  std::vector<std::string> tags;
  static void fields(flowrun::fields<light>& f) {
    f.field("mean", &light::mean, "0..255").field("angle", &light::angle).field("tags", &light::tags);
  }
};

template <class T> std::string encoded(const T& value) {
  std::string blob;
  flowrun::codec<T>::encode(value, blob);
  return blob;
}

inline std::string hash16(char c) {
  return std::string(16, c);
}

template <class T = light> outcome kept(const std::string& stage, char fingerprint, std::vector<std::string> sources) {
  outcome o;
  o.stage = o.label = stage;
  o.port = "out";
  o.type.name = "test." + stage + "/1";
  o.type.fields = flowrun::codec<T>::describe();
  o.fingerprint = hash16(fingerprint);
  o.sources = std::move(sources);
  return o;
}

inline commit_unit unit_of(const std::string& source, const std::string& key, std::vector<outcome_row> rows) {
  commit_unit u;
  u.item.source = source;
  u.item.key = key;
  u.item.size = 100;
  u.item.mtime_ns = 5;
  u.rows = std::move(rows);
  return u;
}

inline outcome_row value_row(std::size_t outcome, std::string blob) {
  outcome_row row;
  row.outcome = outcome;
  row.answered = flowrun::status::value;
  row.blob = std::move(blob);
  return row;
}

inline outcome_row other_row(std::size_t outcome, flowrun::status answered, std::string reason) {
  outcome_row row;
  row.outcome = outcome;
  row.answered = answered;
  row.reason = std::move(reason);
  return row;
}

inline std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::int64_t number_in(const fs::path& run, const std::string& sql) {
  database db(run / "run.db", database::access::existing);
  return db.read_number(sql.c_str(), "test");
}

// The text of the store_error that f throws, after its exit code; "no error" otherwise.
inline std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const store_error& e) {
    return std::to_string(e.exit_code) + " " + e.what();
  }
  return "no error";
}

// Runs f in a child process; what it returns or throws, or how it died.
inline std::string in_child(const std::function<std::string()>& f) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("pipe");
  pid_t child = ::fork();
  if (child == 0) {
    std::string text;
    try {
      text = f();
    } catch (const std::exception& e) {
      text = std::string("threw ") + e.what();
    }
    ssize_t n = ::write(ends[1], text.data(), text.size());
    ::_exit(n == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int how = 0;
  ::waitpid(child, &how, 0);
  if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) text += " (died)";
  return text;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace store_test
