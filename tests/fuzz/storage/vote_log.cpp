// A vote log whose file a disk gives back with other bytes: it opens with a record that was
// written, with none, or not at all.
#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

#include "storage/vote_log_file.h"

namespace {

using namespace usance;
using namespace usance::storage;

constexpr std::size_t kRing = 512 * 1024;
constexpr std::uint64_t kRecords = 6;
constexpr std::size_t kWritten = 512 + kRecords * 1'024;  // the head, and records of two sectors

Bytes record(std::uint64_t sequence) {
  return Bytes(700, static_cast<std::uint8_t>(sequence));
}

VoteLogOptions options() {
  VoteLogOptions out;
  out.ring_bytes = kRing;
  out.sync = false;
  return out;
}

class Log {
 public:
  Log() : file_("/tmp/fuzz-vote-log-" + std::to_string(::getpid())) {
    std::filesystem::remove(file_);
    auto log = VoteLogFile::open(file_, chain_, key_, options());
    if (!log) std::abort();
    for (std::uint64_t sequence = 1; sequence <= kRecords; ++sequence)
      if (!(*log)->append(sequence, record(sequence))) std::abort();
    log->reset();
    std::ifstream in(file_, std::ios::binary);
    good_.resize(kWritten);
    in.read(reinterpret_cast<char*>(good_.data()), kWritten);
  }
  ~Log() { std::filesystem::remove(file_); }

  void open_with(const Bytes& bytes) {
    {
      std::fstream out(file_, std::ios::binary | std::ios::in | std::ios::out);
      out.write(reinterpret_cast<const char*>(bytes.data()),
                static_cast<std::streamsize>(bytes.size()));
    }
    const auto log = VoteLogFile::open(file_, chain_, key_, options());
    if (!log) return;
    const auto newest = (*log)->newest();
    if (newest && (newest->sequence == 0 || newest->sequence > kRecords ||
                   newest->record != record(newest->sequence)))
      std::abort();
  }
  [[nodiscard]] const Bytes& good() const { return good_; }

 private:
  std::filesystem::path file_;
  ChainId chain_{};
  PublicKey key_{};
  Bytes good_;
};

}  // namespace

// The input: changes of (u16 place, u8 other bits), the rest as it was written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Log log;
  Bytes bytes = log.good();
  for (std::size_t at = 0; at + 3 <= size; at += 3) {
    const std::size_t place = (data[at] + std::size_t{256} * data[at + 1]) % bytes.size();
    bytes[place] = static_cast<std::uint8_t>(bytes[place] ^ data[at + 2]);
  }
  log.open_with(bytes);
  return 0;
}
