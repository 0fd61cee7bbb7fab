// The archive around the arrays.
#include "npz_file.hpp"

#include <zip.h>

#include <memory>
#include <stdexcept>

namespace flowrun::core {

namespace {

constexpr zip_uint64_t most_bytes = zip_uint64_t{4}
                                    << 30;  // of one array: what is held against a network is no data set

std::string read_entry(zip_t* archive, zip_uint64_t index, const std::string& what) {
  zip_stat_t info;
  if (zip_stat_index(archive, index, 0, &info) != 0 || !(info.valid & ZIP_STAT_SIZE))
    throw std::runtime_error(what + " cannot be read: " + zip_strerror(archive));
  if (info.size > most_bytes) throw std::runtime_error(what + " has more than 4 GiB");
  std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> entry(zip_fopen_index(archive, index, 0), zip_fclose);
  if (!entry) throw std::runtime_error(what + " cannot be read: " + zip_strerror(archive));
  std::string bytes(info.size, '\0');
  if (zip_fread(entry.get(), bytes.data(), info.size) != static_cast<zip_int64_t>(info.size))
    throw std::runtime_error(what + " cannot be read: " + zip_file_strerror(entry.get()));
  return bytes;
}

}  // namespace

std::map<std::string, tensor> read_npz(const std::filesystem::path& file) {
  int fault = 0;
  std::unique_ptr<zip_t, void (*)(zip_t*)> archive(zip_open(file.c_str(), ZIP_RDONLY, &fault), zip_discard);
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, fault);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw std::runtime_error(file.string() + " is no .npz file: " + why + "; write it with numpy.savez");
  }
  std::map<std::string, tensor> arrays;
  const zip_int64_t entries = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < entries; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    const char* raw = zip_get_name(archive.get(), index, 0);
    const std::string name = raw ? raw : "";
    const std::string what = file.string() + ": '" + name + "'";
    if (name.size() < 5 || name.compare(name.size() - 4, 4, ".npy") != 0)
      throw std::runtime_error(what + " is no array; write the file with numpy.savez");
    const std::string array = name.substr(0, name.size() - 4);
    arrays[array] = read_npy(read_entry(archive.get(), index, what), what);
  }
  if (arrays.empty()) throw std::runtime_error(file.string() + " has no arrays");
  return arrays;
}

}  // namespace flowrun::core
