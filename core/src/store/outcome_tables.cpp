// Brings the tables of the database in line with today's outcomes.
#include "fingerprint.hpp"
#include "schema_text.hpp"
#include "store_state.hpp"

namespace flowrun::core {
namespace {

// The type's layout is part of it: values of an older layout are not today's, whatever their author thought of.
std::string full_fingerprint(const outcome& o) {
  fingerprint_hash hash;
  hash.add(o.fingerprint.data(), o.fingerprint.size());
  return hash.add(o.type.name).add(schema_hash(o.type.fields)).bytes();
}

// A gather is given what it gave before, so answers of another type, or not one for each of the same things, must not
// stay beside today's description of them.
void drop_other_answers(database& db, const outcome& o) {
  statement find(db,
                 "SELECT id, type, schema, gathered, per_item, per_stream FROM outcomes WHERE stage = ?1 AND port = ?2",
                 "look up an outcome");
  find.bind_text(1, o.stage).bind_text(2, o.port);
  if (!o.gathered || !find.step()) return;
  const bool same = find.bytes(1) == o.type.name &&
                    schema_hash(read_schema(find.bytes(2))) == schema_hash(o.type.fields) && find.number(3) != 0 &&
                    (find.number(4) != 0) == o.per_item && (find.number(5) != 0) == o.per_stream;
  const std::string table = answers_table(find.number(0));
  find.reset();
  if (!same) db.execute(("DELETE FROM " + table).c_str(), "drop answers of another type");
}

std::int64_t record_outcome(database& db, const outcome& o, std::int64_t fingerprint, std::size_t position) {
  statement find(db, "SELECT id FROM outcomes WHERE stage = ?1 AND port = ?2", "look up an outcome");
  find.bind_text(1, o.stage).bind_text(2, o.port);
  bool there = find.step();
  std::int64_t id = there ? find.number(0) : 0;
  find.reset();
  std::string schema = write_schema(o.type.fields);
  // An answer of another fingerprint has to be gathered anew.
  statement write(db,
                  there ? "UPDATE outcomes SET label = ?4, type = ?5, schema = ?6, gathered = ?7, per_item = ?8, "
                          "per_stream = ?10, used = 1, position = ?9, "
                          "input_digest = CASE WHEN fingerprint = ?3 THEN input_digest END, fingerprint = ?3 "
                          "WHERE stage = ?1 AND port = ?2"
                        : "INSERT INTO outcomes(stage, port, fingerprint, label, type, schema, gathered, per_item, "
                          "position, per_stream, used) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1)",
                  "write an outcome");
  write.bind_text(1, o.stage).bind_text(2, o.port).bind(3, fingerprint).bind_text(4, o.label);
  write.bind_text(5, o.type.name).bind_text(6, schema).bind(7, o.gathered).bind(8, o.per_item);
  write.bind(9, static_cast<std::int64_t>(position)).bind(10, o.per_stream).run();
  return there ? id : db.last_id();
}

void prepare_statements(database& db, answers& a) {
  std::string columns = " INTO " + a.table + "(item, fingerprint, status, reason, value) VALUES(?1, ?2, ?3, ?4, ?5)";
  a.insert = statement(db, "INSERT" + columns, "write a value");
  a.replace = statement(db, "INSERT OR REPLACE" + columns, "write a value");
  a.remove = statement(db, "DELETE FROM " + a.table + " WHERE item = ?1", "remove a value");
  a.remove_stale = statement(db, "DELETE FROM " + a.table + " WHERE item = ?1 AND fingerprint <> ?2", "remove a value");
}

}  // namespace

void run_store::state::set_up_outcomes(std::vector<outcome> outcomes) {
  transaction whole(db);
  db.execute("UPDATE outcomes SET used = 0", "set up the outcomes");
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    answers a;
    a.fingerprint = fingerprints.id_of(full_fingerprint(outcomes[i]));
    drop_other_answers(db, outcomes[i]);
    a.id = record_outcome(db, outcomes[i], a.fingerprint, i);
    a.table = answers_table(a.id);
    a.what = std::move(outcomes[i]);
    std::string table = "CREATE TABLE IF NOT EXISTS " + a.table +
                        "(item INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL, status INTEGER NOT NULL, "
                        "reason INTEGER, value BLOB)";
    db.execute(table.c_str(), "create a table of values");
    tables.push_back(std::move(a));
  }
  statement unused(db, "SELECT id FROM outcomes WHERE used = 0", "read the outcomes");
  while (unused.step()) unused_tables.push_back(answers_table(unused.number(0)));
  unused.reset();
  whole.commit();
  for (answers& a : tables) prepare_statements(db, a);
}

}  // namespace flowrun::core
