// A network for the plain loops: a file of a model, opened through the same backend as in a run of flowrun.
#pragma once
#include <dlfcn.h>

#include <flowrun/backend.hpp>
#include <stdexcept>

#include "engine/choose_variant.hpp"
#include "model/opened_model.hpp"
#include "model/read_model_file.hpp"
#include "plugin/plugin_library.hpp"

namespace bare {

inline flowrun::model_file read_model(const std::string& file) {
  std::vector<flowrun::problem> problems;
  flowrun::model_file model = flowrun::core::read_model_file(file, problems);
  for (const flowrun::problem& p : problems)
    if (!p.warning) throw std::runtime_error(file + ": " + p.text);
  return model;
}

// The one a run takes for the CPU.
inline const flowrun::model_variant& choose_file(const flowrun::model_file& model, const std::string& precision) {
  const flowrun::model_variant* best = flowrun::core::choose_variant(model, {"cpu", "", "cpu"}, precision);
  if (!best) throw std::runtime_error(model.file + " has no file for the CPU");
  return *best;
}

class network {
 public:
  network(const std::string& plugin, const std::string& model_path, const std::string& precision, std::size_t batch,
          std::size_t lanes)
      : model(read_model(model_path)), variant(choose_file(model, precision)), file_(model, variant) {
    // These programs link OpenCV and with it a BLAS, whose slow sgemm_ LibTorch would take for its own; flowrun does
    // not.
    if (!dlopen(plugin.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)) throw std::runtime_error(dlerror());
    const flowrun::core::plugin_library& library = flowrun::core::open_plugin(plugin);
    if (!library.backend) throw std::runtime_error(plugin + " offers no backend");
    if (library.process_setup) library.process_setup({static_cast<int>(lanes)});
    backend_ = library.backend->make();
    flowrun::session_options o;
    o.variant = &variant;
    o.path = file_.path();
    o.precision = precision;
    o.lanes = static_cast<int>(lanes);
    o.batch = batch;
    session = backend_->open(model, {}, o);
  }

  const flowrun::model_file model;
  const flowrun::model_variant& variant;

 private:
  flowrun::core::opened_model file_;
  std::unique_ptr<flowrun::backend> backend_;

 public:
  std::unique_ptr<flowrun::session> session;  // goes before its backend
};

}  // namespace bare
