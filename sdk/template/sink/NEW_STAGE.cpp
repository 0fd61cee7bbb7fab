// The stage NEW_PLUGIN.NEW_STAGE: a list of the pictures, in order.
#include <flowrun/plugin.hpp>
#include <fstream>

struct NEW_STRUCT {
  static constexpr auto name = "NEW_STAGE";
  static constexpr int version = 1;  // raise it when the same picture gives another line than before

  std::string file = "list.txt";

  static void describe(flowrun::description<NEW_STRUCT>& d) {
    d.doc("A text file with a line for each picture: its key and its size in pixels.");
    d.param("file", &NEW_STRUCT::file, "its name, in the run directory");
    d.scope(flowrun::scope::run);
    d.run(&NEW_STRUCT::run, {"image"});
  }

  void open(const flowrun::stage_context& context) {
    if (file.empty()) throw flowrun::input_error("file is empty; name one");
    path_ = context.out + "/" + file;
  }

  // Not const: called for one picture at a time, in order. A resumed run begins with the first picture again.
  void run(const flowrun::image& in, const flowrun::item_info& item) {
    if (!out_.is_open()) out_.open(path_, std::ios::trunc);
    out_ << item.key << ' ' << in.width << ' ' << in.height << '\n';
    if (!out_.flush()) throw flowrun::run_error("cannot write " + path_);
  }

  void close() { out_.close(); }

 private:
  std::string path_;
  std::ofstream out_;
};

FLOWRUN_PLUGIN("NEW_PLUGIN", "0.1.0", NEW_STRUCT)
