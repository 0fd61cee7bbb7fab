// A libnvidia-ml.so for machines without a card. What it answers stands in the file that $FAKE_NVML names, a line each:
//   card NAME|UUID|TOTAL MIB
//   used CARD MIB...      of all programs, call by call; the last stays
//   busy CARD PERCENT...  the same
//   process CARD PID MIB  PID `self`: the program that asks
//   capability CARD MAJOR MINOR  for CUDA; without it the driver does not support the question
//   fail FUNCTION CODE [AFTER [CARD]]  with NVML's code, when it was called AFTER times; of CARD alone
// With -DOLD_DRIVER it lacks what old drivers lack, with -DNO_DRIVER what every driver has.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int invalid_argument = 2, insufficient_size = 7, uninitialized = 1, not_supported = 3;

struct process {
  unsigned pid;
  unsigned long long used;
  unsigned gpu_instance, compute_instance;
};

struct card {
  std::string name, uuid;
  unsigned long long total = 0;
  std::vector<unsigned long long> used{0}, busy{0};
  std::size_t used_calls = 0, busy_calls = 0;
  std::vector<process> processes;
  int major = 0, minor = 0;  // capability
};

struct failure {
  int code = 0, after = 0, calls = 0, card = -1;
};

std::mutex mutex;
int opened = 0;
std::vector<card> cards;
std::map<std::string, failure> failures;

std::vector<unsigned long long> read_numbers(std::istringstream& words) {
  std::vector<unsigned long long> all;
  for (unsigned long long n = 0; words >> n;) all.push_back(n);
  return all;
}

void read_line(const std::string& line) {
  std::istringstream words(line);
  std::string what;
  words >> what;
  std::size_t at = 0;
  if (what == "card") {
    card c;
    std::string total;
    std::getline(words >> std::ws, c.name, '|');
    std::getline(words, c.uuid, '|');
    std::getline(words, total);
    c.total = std::stoull(total) << 20;
    cards.push_back(c);
  } else if (what == "used" && words >> at) {
    cards.at(at).used = read_numbers(words);
  } else if (what == "busy" && words >> at) {
    cards.at(at).busy = read_numbers(words);
  } else if (what == "process" && words >> at) {
    std::string pid;
    unsigned long long mib = 0;
    words >> pid >> mib;
    const unsigned number = pid == "self" ? static_cast<unsigned>(::getpid()) : static_cast<unsigned>(std::stoul(pid));
    cards.at(at).processes.push_back({number, mib << 20, ~0U, ~0U});
  } else if (what == "capability" && words >> at) {
    words >> cards.at(at).major >> cards.at(at).minor;
  } else if (what == "fail") {
    std::string function;
    failure f;
    words >> function >> f.code >> f.after >> f.card;
    failures[function] = f;
  } else if (!what.empty()) {
    std::fprintf(stderr, "fake_nvml: '%s' is no line of its file\n", line.c_str());
    std::abort();
  }
}

// 0, or the code this call shall fail with.
int fault_of(const char* function, int of_card = -1) {
  if (opened == 0) return uninitialized;
  const auto found = failures.find(function);
  if (found == failures.end() || (found->second.card >= 0 && found->second.card != of_card)) return 0;
  return found->second.calls++ < found->second.after ? 0 : found->second.code;
}

int number_of(const void* device) {
  for (std::size_t i = 0; i < cards.size(); ++i)
    if (device == &cards[i]) return static_cast<int>(i);
  return -1;
}

unsigned long long next(const std::vector<unsigned long long>& of, std::size_t& calls) {
  return of.at(std::min(calls++, of.size() - 1));
}

int put_text(const std::string& text, char* to, unsigned size) {
  if (text.size() >= size) return insufficient_size;
  std::memcpy(to, text.c_str(), text.size() + 1);
  return 0;
}

}  // namespace

extern "C" {

int nvmlInit_v2() {
  std::lock_guard lock(mutex);
  const char* file = std::getenv("FAKE_NVML");
  if (opened++ > 0) return 0;
  cards.clear();
  failures.clear();
  std::ifstream in(file ? file : "");
  for (std::string line; std::getline(in, line);) read_line(line);
  const int code = fault_of("nvmlInit_v2");
  if (code != 0) opened = 0;
  return code;
}

int nvmlShutdown() {
  std::lock_guard lock(mutex);
  if (opened == 0) return uninitialized;
  --opened;
  return 0;
}

const char* nvmlErrorString(int code) {
  switch (code) {
    case uninitialized:
      return "Uninitialized";
    case not_supported:
      return "Not Supported";
    case 4:
      return "Insufficient Permissions";
    case 9:
      return "Driver Not Loaded";
    case 15:
      return "GPU is lost";
    default:
      return "Unknown Error";
  }
}

#ifndef NO_DRIVER
int nvmlDeviceGetCount_v2(unsigned* count) {
  std::lock_guard lock(mutex);
  if (const int code = fault_of("nvmlDeviceGetCount_v2")) return code;
  *count = static_cast<unsigned>(cards.size());
  return 0;
}
#endif

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  std::lock_guard lock(mutex);
  if (const int code = fault_of("nvmlDeviceGetHandleByIndex_v2", static_cast<int>(index))) return code;
  if (index >= cards.size()) return invalid_argument;
  *device = &cards[index];
  return 0;
}

int nvmlDeviceGetName(void* device, char* name, unsigned size) {
  std::lock_guard lock(mutex);
  const int i = number_of(device);
  if (const int code = fault_of("nvmlDeviceGetName", i)) return code;
  return i < 0 ? invalid_argument : put_text(cards[static_cast<std::size_t>(i)].name, name, size);
}

int nvmlDeviceGetUUID(void* device, char* uuid, unsigned size) {
  std::lock_guard lock(mutex);
  const int i = number_of(device);
  if (const int code = fault_of("nvmlDeviceGetUUID", i)) return code;
  return i < 0 ? invalid_argument : put_text(cards[static_cast<std::size_t>(i)].uuid, uuid, size);
}

int nvmlDeviceGetMemoryInfo(void* device, unsigned long long* total_free_used) {
  std::lock_guard lock(mutex);
  const int i = number_of(device);
  if (const int code = fault_of("nvmlDeviceGetMemoryInfo", i)) return code;
  if (i < 0) return invalid_argument;
  card& c = cards[static_cast<std::size_t>(i)];
  const unsigned long long used = next(c.used, c.used_calls) << 20;
  total_free_used[0] = c.total;
  total_free_used[1] = c.total - used;
  total_free_used[2] = used;
  return 0;
}

#ifndef OLD_DRIVER
int nvmlDeviceGetUtilizationRates(void* device, unsigned* gpu_memory) {
  std::lock_guard lock(mutex);
  const int i = number_of(device);
  if (const int code = fault_of("nvmlDeviceGetUtilizationRates", i)) return code;
  if (i < 0) return invalid_argument;
  card& c = cards[static_cast<std::size_t>(i)];
  gpu_memory[0] = static_cast<unsigned>(next(c.busy, c.busy_calls));
  gpu_memory[1] = 0;
  return 0;
}

int nvmlDeviceGetCudaComputeCapability(void* device, int* major, int* minor) {
  std::lock_guard lock(mutex);
  const int i = number_of(device);
  if (const int code = fault_of("nvmlDeviceGetCudaComputeCapability", i)) return code;
  if (i < 0) return invalid_argument;
  const card& c = cards[static_cast<std::size_t>(i)];
  if (c.major == 0) return not_supported;
  *major = c.major;
  *minor = c.minor;
  return 0;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void* device, unsigned* count, process* all) {
  std::lock_guard lock(mutex);
  const int i = number_of(device);
  if (const int code = fault_of("nvmlDeviceGetComputeRunningProcesses_v3", i)) return code;
  if (i < 0) return invalid_argument;
  const std::vector<process>& has = cards[static_cast<std::size_t>(i)].processes;
  const unsigned room = *count;
  *count = static_cast<unsigned>(has.size());
  if (room < has.size()) return insufficient_size;
  std::copy(has.begin(), has.end(), all);
  return 0;
}
#endif
}
