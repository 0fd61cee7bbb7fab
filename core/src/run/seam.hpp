// Test builds sleep at random inside the runtime's own seams, where delays in stages never show a race, and can switch
// on planted bugs that the property test must find. In a normal build both are nothing.
#pragma once

namespace flowrun::core {

enum class planted_bug {
  none,
  drop_before_hold,        // an item gives up its message before it holds its ticket
  no_unit_while_draining,  // a serial body works on without a unit of `moving` after it sent its item away
  place_before_live,       // a finished item's place is given before it stops counting as live
  join_passes_early,       // a join passes the item on before its last input came
  release_before_read,     // a value is released by its first reader
  place_lost,              // an owed place is never given back
  slot_lost,               // a batch's slot is not given back
  holes_are_rows,          // rows of a failed prepare still belong to its item
  send_before_unpark,      // an item goes to finish before it counts as moving
  no_limiter,              // batches pass without a slot
  sequence_never_busy,     // a place reads from a sequence that another reads from
  skips_become_previous,   // an item without a value is the next one's previous in a window
  shapes_mixed,            // a row goes into an open batch of another shape
  padding_left,            // what lies beside a row is what an earlier one left there
  count
};

#ifdef FLOWRUN_SEAM
void seam();
bool planted(planted_bug bug);
void plant(planted_bug bug);
void set_seam_sleeps(bool on);
#define SEAM() ::flowrun::core::seam()
#else
constexpr bool planted(planted_bug) {
  return false;
}
#define SEAM() static_cast<void>(0)
#endif

}  // namespace flowrun::core
