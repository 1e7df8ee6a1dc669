// The envelopes that this node keeps, in a folder of files beside the ledger: what is erased is
// gone from the disk's files, and nothing of it was ever on the ledger. Per envelope ID.envelope,
// the whole canonical bytes, and ID.record, what the node knows of it; the record is written last
// and removed first, so that an envelope without one is the rest of an interrupted write.
// Thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/envelope_receipt.h"

namespace usance::node {

// A recipient's receipt, and when this node was given it.
struct TakenDelivery {
  static constexpr std::uint16_t kTag = 0x01c9;
  static constexpr std::uint8_t kVersion = 1;

  DeliveryReceipt receipt;
  TimeMs at;

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.receipt);
    a(s.at);
  }
};

struct EnvelopeRecord {
  static constexpr std::uint16_t kTag = 0x01ca;
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::size_t kMostDeliveries = 256;

  EnvelopeHeader header;
  KeptReceipt kept;
  std::uint64_t bytes = 0;                // of the whole envelope
  std::vector<TakenDelivery> deliveries;  // the first by each key, in the order of time

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.header);
    a(s.kept);
    a(s.bytes);
    a.vector(s.deliveries, kMostDeliveries);
  }
};

class EnvelopeStore {
 public:
  struct Limits {
    std::uint64_t bytes = 1ull << 30;  // of all envelopes; a sender's share is a half
    std::size_t count = 10'000;        // likewise
    std::uint64_t keep_ms = 90ull * 24 * 3'600 * 1'000;
  };
  struct Use {
    std::uint64_t bytes = 0;
    std::size_t count = 0;
    friend bool operator==(const Use&, const Use&) = default;
  };
  // Signs {id, at, until} for the node.
  using Sign = std::function<Result<KeptReceipt>(const Hash32& id, TimeMs at, TimeMs until)>;

  // Reads the records in `folder`, which it creates. kIo.
  static Result<std::unique_ptr<EnvelopeStore>> open(const std::filesystem::path& folder,
                                                     const Limits& limits);

  // Records that did not decode at the start: they and their envelopes are left where they are.
  [[nodiscard]] const std::vector<std::filesystem::path>& damaged() const { return damaged_; }

  // On the disk when it returns the receipt; one that is kept already gets its first receipt again.
  // kResourceExhausted: the limits, or no room; kIo.
  [[nodiscard]] Result<KeptReceipt> keep(const Hash32& id, const Envelope& envelope, TimeMs now,
                                         const Sign& sign);
  // Keeps the receipt of an organisation that the envelope names and hands the envelope over.
  // kNotFound: not kept here (any more); kPermissionDenied: the envelope names others;
  // kResourceExhausted: kMostDeliveries users have it; kIo.
  [[nodiscard]] Result<Envelope> hand_over(const DeliveryReceipt& receipt, TimeMs now);
  [[nodiscard]] Result<EnvelopeRecord> record(const Hash32& id) const;  // kNotFound
  // What the organisation has sent or may read and what was kept before `before`, the newest first.
  [[nodiscard]] std::vector<EnvelopeRecord> list(const OrgId& org, TimeMs before,
                                                 std::size_t limit) const;
  // kNotFound; kPermissionDenied: the sender is another; kIo.
  [[nodiscard]] Result<void> erase(const Hash32& id, const OrgId& sender);
  [[nodiscard]] Use used() const;
  // Erases what has had its time; how many.
  std::size_t erase_expired(TimeMs now);

 private:
  EnvelopeStore(std::filesystem::path folder, const Limits& limits)
      : folder_(std::move(folder)), limits_(limits) {}
  [[nodiscard]] std::filesystem::path file(const Hash32& id, const char* kind) const;
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> check_room(const OrgId& sender, std::uint64_t bytes) const;
  [[nodiscard]] Result<void> write_record(const Hash32& id, const EnvelopeRecord& record) const;
  [[nodiscard]] Result<void> remove(const Hash32& id);
  void count(const EnvelopeRecord& record, bool added);

  const std::filesystem::path folder_;
  const Limits limits_;
  std::vector<std::filesystem::path> damaged_;
  mutable std::mutex mutex_;
  std::map<Hash32, EnvelopeRecord> records_;
  std::map<OrgId, Use> used_;  // by sender
  Use total_;
};

}  // namespace usance::node
