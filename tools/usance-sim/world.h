// The simulated world: virtual time, the network between the processes, clients, faults and liars.
// One thread, one random sequence, one seed: one history.
#pragma once

#include <queue>
#include <string_view>
#include <unordered_map>

#include "tools/usance-sim/chain.h"
#include "tools/usance-sim/process.h"

namespace usance::sim {

// What a Byzantine validator does besides running the protocol.
struct Lies {
  bool twin = false;      // a second process with the same key and its own memory
  bool withhold = false;  // messages reach only some, and results nobody who catches up
  bool replay = false;    // sends again what it once heard
  bool huge_views = false;
  bool forge = false;  // claims blocks that nobody certified
  bool wrong_results = false;
  bool forget = false;       // loses its disk and goes on
  bool usurp = false;        // proposes out of turn, without proof, or twice
  bool forge_votes = false;  // sends votes and certificates of others that nobody signed
  bool censor = false;       // does not take up every bundle
  bool wrong_clock = false;
};

struct BytesHash {
  std::size_t operator()(const Bytes& bytes) const {
    return std::hash<std::string_view>{}(
        {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
};

// A key with which clients submit.
struct User {
  OrgId org;
  std::shared_ptr<const Signer> signer;
  std::optional<Height> from;  // in which bundles of it are valid; none: not registered yet
  bool dying = false;          // its revocation was submitted
};

class World final : public Host {
 public:
  explicit World(const Options& options);
  Outcome run();

  [[nodiscard]] std::uint64_t now() const override { return now_; }
  void after(std::uint64_t delay_ms, std::function<void()> action) override;
  Random& random() override { return random_; }
  [[nodiscard]] const Knobs& knobs() const override { return knobs_; }
  Checker& checker() override { return *checker_; }
  consensus::BundlePtr checked(const Bytes& raw, bool signatures) override;
  void transmit(std::size_t from, const consensus::Send& send) override;
  void certified(Height height) override { certified_ = std::max(certified_, height); }
  void crashed(std::size_t process) override;
  void note(std::size_t process, const std::string& line) override;
  [[nodiscard]] bool honest(const PublicKey& peer) const override;
  [[nodiscard]] bool frozen(std::size_t process) const override { return frozen_[process]; }
  void count_step(std::size_t process, std::uint64_t kind) override;

 private:
  using Packet = std::shared_ptr<const consensus::Message>;

  // world.cpp: set-up, time and network.
  void make_members();
  Genesis make_genesis() const;
  std::shared_ptr<const Signer> make_signer() { return make_signer(random_); }
  [[nodiscard]] std::shared_ptr<const Signer> make_signer(Random& random) const;
  void add_process(std::size_t member, bool votes, bool liar);
  [[nodiscard]] const ValidatorSet& current() const { return checker_->set_at(certified_.next()); }
  bool run_until(std::uint64_t time, const std::function<bool()>& done);
  void deliver(std::size_t from, std::size_t to, const Packet& packet);
  [[nodiscard]] bool linked(std::size_t from, std::size_t to) const;
  // Under which key `by` knows the process: by what its own ledger says.
  [[nodiscard]] const PublicKey& known_as(std::size_t slot, std::size_t by) const;
  void digest(std::uint64_t value);

  // faults.cpp
  void schedule_faults();
  void repeat(std::uint64_t every, const std::function<void()>& action);
  void partition();
  void crash_one();
  void pause_one();
  void end_stream();
  void notice_end(std::size_t at, std::size_t of);
  void step_clock();
  void fill_disk();
  void lose_votes(std::size_t slot);
  void forget(std::size_t slot, Disk disk, const char* how);
  void keep_disk(std::size_t slot);
  void prepare_key(std::size_t slot);
  void join_by_snapshot();
  [[nodiscard]] std::optional<Disk> snapshot_for(std::size_t slot);
  [[nodiscard]] static bool worth_losing(const Disk& disk);
  [[nodiscard]] bool is_noticed(std::size_t slot, const Disk& old) const;
  [[nodiscard]] bool is_noticed(std::size_t slot, const Disk& old, const ValidatorSet& asked) const;
  void check_timeouts();
  void heal();
  std::size_t any_process(bool alive_only);

  // twins.cpp
  [[nodiscard]] std::set<std::size_t> twin_members() const;
  void schedule_twins();
  void divide(std::uint64_t groups);

  // clients.cpp
  void submit_something();
  consensus::BundlePtr make_bundle();
  Transaction blank(const User& user);
  consensus::BundlePtr sign(const User& user, std::vector<Transaction> transactions);
  void submit(const consensus::BundlePtr& bundle);
  void submit_again();
  [[nodiscard]] bool is_over(const consensus::BundlePtr& bundle, Height height) const;
  [[nodiscard]] bool settled() const;
  [[nodiscard]] std::string unsettled() const;

  // governors.cpp: what members decide together, by transactions like any other.
  void govern();
  void govern(std::size_t org, const char* method, Bytes arguments);
  void vote_on_proposals(const HistoryView& state);
  void propose_change(const HistoryView& state);
  void change_keys(const HistoryView& state);
  void replace_key(const HistoryView& state);

  // liars.cpp
  void act_as_liar(std::size_t slot);
  Packet lie(std::size_t from, const Packet& packet);
  void answer_forged(std::size_t from, std::size_t to, const consensus::FetchBlocks& request);
  Certificate forged_certificate(const VoteContent& content);
  void usurp(std::size_t slot, const ValidatorSet& set, std::uint32_t seat);
  void forge_votes(std::size_t slot, std::size_t victim, const ValidatorSet& set);
  void whisper(std::size_t from, std::size_t to, consensus::Message message);

  struct Scheduled {
    std::uint64_t at;
    std::uint64_t order;
    std::function<void()> action;
    bool operator<(const Scheduled& other) const {
      return std::tie(at, order) > std::tie(other.at, other.order);  // the heap's top is the next
    }
  };

  Options options_;
  Random random_;
  Knobs knobs_;
  std::uint64_t now_ = 0;
  std::uint64_t order_ = 0;
  std::vector<Scheduled> queue_;
  bool calm_ = false;  // the liveness phase

  ChainId chain_;
  const Verifier* verifier_ = nullptr;
  bool real_ = false;
  ValidatorSet set_;  // of the genesis
  std::shared_ptr<Chain> chain_state_;
  std::vector<std::shared_ptr<const Signer>> members_;
  std::shared_ptr<const Signer> new_key_;  // that shall replace the one which lost its memory
  std::optional<PublicKey> new_public_;    // of it
  Random rekeying_;                        // of its own, so that it changes nothing before
  Random joining_;                         // likewise
  std::uint64_t snapshots_ = 0;
  std::vector<Lies> lies_;  // by slot
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<bool> frozen_;
  std::optional<std::size_t> follower_;
  std::vector<std::vector<bool>> cut_;    // [from][to]
  std::vector<std::vector<bool>> hears_;  // [twin's slot][other's slot]
  std::vector<Packet> heard_;             // for replays
  Packet last_proposal_;
  std::optional<std::size_t> forgetful_;  // slot
  std::optional<Disk> old_disk_;          // of it, as of some moment
  bool forgot_ = false;
  std::unique_ptr<Checker> checker_;

  std::vector<User> users_;
  std::vector<User> governors_;                            // by organisation
  std::set<std::pair<std::uint64_t, std::size_t>> voted_;  // proposal, organisation
  std::vector<consensus::BundlePtr> bundles_;
  std::vector<consensus::BundlePtr> waiting_;  // of these, not over as far as clients know
  std::pair<Height, std::size_t> looked_at_;   // certified and executed when they were last judged
  // Bundles are immutable: nodes share what decodes the same, by whether signatures were verified.
  std::unordered_map<Bytes, consensus::BundlePtr, BytesHash> checked_[2];
  std::uint64_t digest_ = 0xcbf29ce484222325u;
  std::uint64_t steps_ = 0, messages_ = 0;
  Height certified_;  // highest
};

}  // namespace usance::sim
