// A folder in which a stage replaces and removes the files it made itself, and no others.
#pragma once
#include <filesystem>
#include <set>
#include <string>

namespace output {

// Files are regular ones, links symbolic ones: what is of the other kind by now was not made by the stage.
enum class owned_kind { files, links };

class owned_files {
 public:
  // Makes the folder, or takes one that the stage made before: the list `.flowrun-files` in it says so, and which files
  // are its own. Throws std::runtime_error for a folder that is another stage's or holds other things.
  owned_files(const std::filesystem::path& folder, owned_kind kind, const std::string& stage);

  // What the folder is to have when all is done, as "name" or "sub/name". Throws std::runtime_error, before anything is
  // changed, where something else stands in the way.
  void begin(std::set<std::string> wanted);
  // Of these, one after the other. One that is as it would be is left alone.
  void write(const std::string& name, const void* data, std::size_t size) const;
  void link(const std::string& name, const std::filesystem::path& target) const;
  // Removes what was made before and is not wanted now, and the sub folders that this empties.
  void end();

 private:
  void read_list();
  void write_list(const std::set<std::string>& names);
  void check_foreign() const;
  void remove_stale(const std::string& name) const;
  void make_parent(const std::string& name) const;

  std::filesystem::path folder_, list_;
  owned_kind kind_;
  std::string stage_;
  bool listed_ = false;        // the list is there
  std::set<std::string> own_;  // what it names
  std::set<std::string> wanted_;
};

}  // namespace output
