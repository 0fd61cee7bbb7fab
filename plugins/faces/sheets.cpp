#include "sheets.hpp"

#include <algorithm>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <set>
#include <stdexcept>

#include "../output/owned_files.hpp"
#include "faces_by_identity.hpp"
#include "identity_name.hpp"
#include "sheet_page.hpp"

namespace faces {

namespace {

constexpr auto page_name = "index.html";
constexpr int jpeg_quality = 90;

struct planned_sheet {
  std::vector<sheet_face> faces;  // that are drawn
  page_entry entry;
};

planned_sheet plan(const std::string& name, const std::vector<sheet_face>& faces, std::size_t most) {
  planned_sheet p;
  p.entry.name = name;
  p.entry.faces = static_cast<int>(faces.size());
  for (const sheet_face& f : faces) {
    if (f.picture && p.faces.size() < most) p.faces.push_back(f);
    p.entry.keys.push_back(*f.key);
  }
  std::sort(p.entry.keys.begin(), p.entry.keys.end());
  p.entry.keys.erase(std::unique(p.entry.keys.begin(), p.entry.keys.end()), p.entry.keys.end());
  p.entry.shown = static_cast<int>(p.faces.size());
  if (!p.faces.empty()) p.entry.sheet = name + ".jpg";
  return p;
}

std::string title_of(const page_entry& e) {
  return e.name + ": " + std::to_string(e.faces) + (e.faces == 1 ? " face" : " faces") +
         (e.shown < e.faces ? ", " + std::to_string(e.shown) + " shown" : "");
}

std::string summary_of(const sheets_made& made) {
  return "identities: " + std::to_string(made.identities) + ", faces: " + std::to_string(made.faces) +
         ", faces of nobody: " + std::to_string(made.nobody);
}

}  // namespace

void sheets::describe(flowrun::description<sheets>& d) {
  d.doc(
      "Makes a contact sheet of each identity's faces, and a page of all of them.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  found: {use: faces.detect, in: media.image}\n"
      "  vectors: {use: faces.embed, in: {image: media.image, faces: found.faces}}\n"
      "  who: {use: faces.cluster, in: vectors}\n"
      "  crop: {use: faces.crop, in: {image: media.image, faces: found.faces}}\n"
      "  sheets: {use: faces.sheets, in: {identities: who, crops: crop}}\n"
      "```\n\n"
      "Below the run directory, with `folder` as it is:\n\n"
      "- `identities/0007.jpg`: the faces of identity 7, the most probable first, each with its item's name. The "
      "number has at least four digits. Letters other than ASCII are drawn as `?`.\n"
      "- `identities/index.html`: all identities, those with the most faces first, with their sheets and the keys of "
      "their items. It needs no file but the sheets.\n"
      "- `identities/nobody.jpg`, with `nobody`: faces that are nobody's.\n\n"
      "`crops` comes from [faces.crop](faces.crop.md). Items are joined by their keys: faces of an item that has no "
      "crops are counted, but not drawn (an identity without any crop has no sheet); crops of an item without "
      "identities are passed over. That the numbers of faces and crops of an item differ, or that no item has both, is "
      "an error of the wiring: the gather fails. So it does where two items have the same key.\n\n"
      "`folder` is a new folder, an empty one, or one that this stage made before. A list in it, `.flowrun-files`, "
      "says which files are its own: sheets of identities that are no more are removed, other files are never touched. "
      "One that has the name of a sheet to be made is an error. A file is there whole or not at all, and one that "
      "would be the same is left alone. Sheets that you removed come back when the gather runs again: when what it "
      "reads or its params have changed, or with `flowrun gather RUN STAGE`.");
  d.param("most", &sheets::most, "faces of a sheet; the rest is counted").range(1, 1000);
  d.param("size", &sheets::size, "side of a face on the sheet").unit("px").range(32, 256);
  d.param("nobody", &sheets::nobody, "a sheet of faces that are nobody's, too");
  d.param("folder", &sheets::folder, "where the files are made; below the run directory, or an absolute path");
  d.gather(&sheets::run, {"identities", "crops"}, {"sheets"});
}

sheets_made sheets::run(const flowrun::table<identities>& found, const flowrun::table<crops>& pictures) const {
  sheets_made made;
  std::vector<planned_sheet> plans;
  std::set<std::string> files = {page_name};
  for (const auto& of : faces_by_identity(found, pictures)) {
    const bool somebody = of.first != faces::nobody;
    made.identities += somebody ? 1 : 0;
    (somebody ? made.faces : made.nobody) += static_cast<int>(of.second.size());
    for (const sheet_face& f : of.second) made.without_crop += f.picture ? 0 : 1;
    if (!somebody && !nobody) continue;
    planned_sheet p = plan(somebody ? identity_name(of.first) : "nobody", of.second, static_cast<std::size_t>(most));
    if (!p.entry.sheet.empty()) files.insert(p.entry.sheet);
    plans.push_back(std::move(p));
  }
  made.sheets = static_cast<int>(files.size()) - 1;
  // The most faces first; nobody is last.
  std::stable_sort(plans.begin(), plans.end(), [](const planned_sheet& a, const planned_sheet& b) {
    const bool a_nobody = a.entry.name == "nobody", b_nobody = b.entry.name == "nobody";
    return a_nobody != b_nobody ? b_nobody : a.entry.faces > b.entry.faces;
  });
  output::owned_files place(std::filesystem::path(context_.out) / folder, output::owned_kind::files, context_.stage);
  place.begin(std::move(files));
  std::vector<page_entry> entries;
  for (planned_sheet& p : plans) {
    if (!p.faces.empty()) {
      const cv::Mat sheet = draw_sheet(title_of(p.entry), p.faces, size);
      p.entry.width = sheet.cols;
      p.entry.height = sheet.rows;
      std::vector<std::uint8_t> jpeg;
      if (!cv::imencode(".jpg", sheet, jpeg, {cv::IMWRITE_JPEG_QUALITY, jpeg_quality}))
        throw std::runtime_error("the sheet " + p.entry.sheet + " cannot be encoded as a JPEG");
      place.write(p.entry.sheet, jpeg.data(), jpeg.size());
    }
    entries.push_back(std::move(p.entry));
  }
  const std::string page = write_page(summary_of(made), entries);
  place.write(page_name, page.data(), page.size());
  place.end();
  return made;
}

}  // namespace faces
