// faces.sheets: a contact sheet for each identity, and a page of them.
#pragma once
#include <flowrun/plugin.hpp>

#include "crops.hpp"
#include "identities.hpp"

namespace faces {

struct sheets_made {
  static constexpr auto port = "faces.sheets/1";
  int identities = 0, sheets = 0, faces = 0, nobody = 0, without_crop = 0;

  static void fields(flowrun::fields<sheets_made>& f) {
    f.field("identities", &sheets_made::identities, "with at least one face");
    f.field("sheets", &sheets_made::sheets, "files made, nobody.jpg among them");
    f.field("faces", &sheets_made::faces, "of an identity");
    f.field("nobody", &sheets_made::nobody, "faces of none");
    f.field("without_crop", &sheets_made::without_crop, "of all faces: of items that have no crops");
  }
};

struct sheets {
  static constexpr auto name = "sheets";
  int most = 100, size = 112;
  bool nobody = false;
  std::string folder = "identities";

  static void describe(flowrun::description<sheets>& d);
  void open(const flowrun::stage_context& context) { context_ = context; }
  sheets_made run(const flowrun::table<identities>& found, const flowrun::table<crops>& pictures) const;

 private:
  flowrun::stage_context context_;
};

}  // namespace faces
