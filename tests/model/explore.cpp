// Explores every history of the voting and view-change rules (tools/usance-sim/voting_rules.h) for
// one height, four validators, one of them a liar, and up to four views. Messages are not modelled:
// whatever was signed may have reached anybody or nobody, which covers every order, loss and delay.
//
//   usance-model                 every place of the liar; exit 0 if no two blocks can be decided
//   usance-model --mutant N      with a seeded error of the rules; exit 0 if that is found
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "tools/usance-sim/voting_rules.h"

namespace {

using usance::sim::Changes;
using usance::sim::Electorate;
using usance::sim::ModelMutant;

constexpr unsigned kHonest = 3;
constexpr unsigned kValues = 2;  // two blocks are enough to disagree

// What one honest validator signed in one view. 0 = nothing, 1 or 2 = a block.
struct Signed {
  unsigned prepare = 0;
  unsigned commit = 0;
  bool asked = false;  // sent a view change for this view
};

struct State {
  std::array<std::array<Signed, 4>, kHonest> by{};

  [[nodiscard]] std::uint64_t pack(const std::array<unsigned, kHonest>& order, bool swap) const {
    std::uint64_t out = 0;
    const auto value = [&](unsigned v) { return swap && v != 0 ? 3 - v : v; };
    for (const unsigned node : order)
      for (const Signed& s : by[node])
        out = (out << 5) | (value(s.prepare) << 3) | (value(s.commit) << 1) | (s.asked ? 1u : 0u);
    return out;
  }
};

State unpack(std::uint64_t bits) {
  State state;
  for (unsigned node = kHonest; node-- > 0;)
    for (unsigned view = 4; view-- > 0; bits >>= 5) {
      Signed& s = state.by[node][view];
      s.asked = (bits & 1) != 0;
      s.commit = (bits >> 1) & 3;
      s.prepare = (bits >> 3) & 3;
    }
  return state;
}

// Open addressing; 0 is the initial state, which is never looked up.
class Seen {
 public:
  Seen() : slots_(std::size_t{1} << 20) {}
  bool insert(std::uint64_t key) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    return put(slots_, key) && ++count_;
  }
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  static bool put(std::vector<std::uint64_t>& slots, std::uint64_t key) {
    std::size_t at = (key * 0x9e3779b97f4a7c15u) >> 20 & (slots.size() - 1);
    for (; slots[at] != 0; at = (at + 1) & (slots.size() - 1))
      if (slots[at] == key) return false;
    slots[at] = key;
    return true;
  }
  void grow() {
    std::vector<std::uint64_t> larger(slots_.size() * 2);
    for (const std::uint64_t key : slots_)
      if (key != 0) put(larger, key);
    slots_.swap(larger);
  }
  std::vector<std::uint64_t> slots_;
  std::size_t count_ = 0;
};

class Explorer {
 public:
  Explorer(ModelMutant mutant, unsigned views, unsigned liar_leads)
      : views_(views), liar_leads_(liar_leads) {
    rules_.mutant = mutant;
  }

  // True if no reachable state lets two blocks be decided.
  bool safe() {
    visit(State{});
    while (!stack_.empty()) {
      const State state = unpack(stack_.back());
      stack_.pop_back();
      if (disagrees(state)) return false;
      expand(state);
    }
    return true;
  }
  [[nodiscard]] std::size_t states() const { return seen_.size(); }

 private:
  static unsigned asked(const std::array<Signed, 4>& node) {
    unsigned highest = 0;
    for (unsigned view = 1; view < 4; ++view)
      if (node[view].asked) highest = view;
    return highest;
  }
  static std::size_t count(const State& s, unsigned view, unsigned Signed::* kind, unsigned value) {
    std::size_t votes = 0;
    for (const auto& node : s.by)
      if (node[view].*kind == value) ++votes;
    return votes;
  }

  // The lock that a validator's view change for `view` names: that of its newest commit below.
  [[nodiscard]] std::pair<int, unsigned> lock_at(const std::array<Signed, 4>& node,
                                                 unsigned view) const {
    if (rules_.mutant == ModelMutant::kLockForgotten) return {-1, 0};
    for (unsigned below = view; below-- > 0;)
      if (node[below].commit != 0) return {static_cast<int>(below), node[below].commit};
    return {-1, 0};
  }

  [[nodiscard]] bool justified(const State& s, unsigned view, unsigned value) const {
    if (view == 0) return true;
    Changes free;
    for (const auto& node : s.by) {
      if (!node[view].asked) continue;
      ++free.all;
      if (lock_at(node, view).first < 0) ++free.unlocked;
    }
    if (may_be_free(rules_, free)) return true;
    for (unsigned locked_in = 0; locked_in < view; ++locked_in) {
      Changes changes;
      for (const auto& node : s.by) {
        if (!node[view].asked) continue;
        const auto [lock_view, lock_value] = lock_at(node, view);
        ++changes.all;
        if (lock_view <= static_cast<int>(locked_in)) ++changes.locked_up_to;
        if (lock_view == static_cast<int>(locked_in) && lock_value == value)
          changes.names_it = true;
      }
      if (may_be_locked(rules_, changes, count(s, locked_in, &Signed::prepare, value))) return true;
    }
    return false;
  }

  // In the last view nothing but the decision comes after a commit, so commits are not explored
  // there: whoever could all commit a block in it may decide it.
  [[nodiscard]] bool disagrees(const State& s) const {
    std::array<bool, kValues + 1> decided{};
    for (unsigned value = 1; value <= kValues; ++value)
      for (unsigned view = 0; view < views_; ++view) {
        const auto kind = view + 1 == views_ ? &Signed::prepare : &Signed::commit;
        const std::size_t votes = count(s, view, kind, value);
        if (votes > 0 && rules_.certifies(votes)) decided[value] = true;
      }
    return decided[1] && decided[2];
  }

  void expand(const State& s) {
    for (unsigned node = 0; node < kHonest; ++node) {
      const unsigned now = asked(s.by[node]);
      for (unsigned view = 0; view < views_; ++view) {
        const Signed& mine = s.by[node][view];
        for (unsigned value = 1; value <= kValues; ++value) {
          // An honest leader proposes one block per view.
          const bool other_proposed =
              view != liar_leads_ && count(s, view, &Signed::prepare, 3 - value) > 0;
          if (mine.prepare != value && !other_proposed &&
              may_prepare(rules_, mine.prepare != 0, now > view) && justified(s, view, value))
            step(s, node, view, [&](Signed& next) { next.prepare = value; });
          if (view + 1 < views_ && mine.commit == 0 &&
              may_commit(rules_, count(s, view, &Signed::prepare, value), false, now > view) &&
              (rules_.mutant != ModelMutant::kCommitUnlocked ||
               count(s, view, &Signed::prepare, value) > 0))
            step(s, node, view, [&](Signed& next) { next.commit = value; });
        }
        // A validator may ask for any higher view: others may have pulled it along.
        if (view > now) step(s, node, view, [](Signed& next) { next.asked = true; });
      }
    }
  }

  template <class Change>
  void step(State s, unsigned node, unsigned view, Change change) {
    change(s.by[node][view]);
    visit(s);
  }

  // Honest validators are alike, and so are the blocks: the least of the twelve names.
  void visit(const State& s) {
    std::array<unsigned, kHonest> order{0, 1, 2};
    std::uint64_t least = ~std::uint64_t{0};
    do {
      least = std::min({least, s.pack(order, false), s.pack(order, true)});
    } while (std::next_permutation(order.begin(), order.end()));
    if (least == 0 ? seen_.size() == 0 : seen_.insert(least)) stack_.push_back(least);
  }

  Electorate rules_;
  unsigned views_;
  unsigned liar_leads_;
  Seen seen_;
  std::vector<std::uint64_t> stack_;
};

}  // namespace

int main(int argc, char** argv) {
  unsigned mutant = 0, views = 4;
  for (int i = 1; i + 1 < argc; i += 2) {
    const unsigned value = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 10));
    if (std::strcmp(argv[i], "--mutant") == 0) {
      mutant = value;
    } else if (std::strcmp(argv[i], "--views") == 0 && value >= 1 && value <= 4) {
      views = value;
    } else {
      std::fprintf(stderr, "usage: usance-model [--views 1..4] [--mutant N]\n");
      return 2;
    }
  }
  bool all_safe = true;
  for (unsigned liar = 0; liar < 4; ++liar) {
    Explorer explorer(static_cast<ModelMutant>(mutant), views, liar);
    const bool safe = explorer.safe();
    std::printf("liar leads view %u: %zu states, %s\n", liar, explorer.states(),
                safe ? "no two blocks can be decided" : "two blocks can be decided");
    std::fflush(stdout);
    all_safe = all_safe && safe;
    if (!all_safe && mutant != 0) break;
  }
  return all_safe == (mutant == 0) ? 0 : 1;
}
