#include "storage/vote_log_file.h"

#include <algorithm>
#include <cerrno>
#include <map>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/hash.h"

namespace usance::storage {

namespace {

constexpr std::uint64_t kSector = 512;  // a disk writes sectors whole: records begin at one
constexpr std::uint32_t kRecordMark = 0x31525655;  // "UVR1"
constexpr std::uint64_t kRecordHead = 80;          // mark, length, sequence, previous, hash
constexpr std::uint64_t kMinRing = 4 * (kMaxVoteRecordBytes + kSector);

// The first sector of the file.
struct Head {
  static constexpr std::uint16_t kTag = 0x0192;
  static constexpr std::uint8_t kVersion = 1;

  ChainId chain;
  PublicKey validator;
  std::uint64_t ring_bytes = 0;
  Nonce salt;
  Hash32 check;  // of everything before it

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.chain);
    a(s.validator);
    a(s.ring_bytes);
    a(s.salt);
    a(s.check);
  }
  [[nodiscard]] Hash32 expected_check() const {
    Head blank = *this;
    blank.check = Hash32{};
    return sha256(encode(blank));
  }
};

std::uint64_t padded(std::uint64_t bytes) {
  return (bytes + kSector - 1) / kSector * kSector;
}

Result<void> write_all(int descriptor, ByteView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return system_error("writing the vote log");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

Result<Bytes> read_all(int descriptor, std::uint64_t offset, std::uint64_t size) {
  const auto too_short = [] {
    return fail(ErrorCode::kCorrupt, "the vote log is shorter than its head says");
  };
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return system_error("looking at the vote log");
  const auto length = static_cast<std::uint64_t>(status.st_size);
  if (length < offset || length - offset < size) return too_short();
  Bytes out(size);
  std::uint64_t done = 0;
  while (done < size) {
    const ssize_t n =
        ::pread(descriptor, out.data() + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("reading the vote log");
    if (n == 0) return too_short();
    done += static_cast<std::uint64_t>(n);
  }
  return out;
}

// Closes and, unless it was kept, removes the file that is being made.
struct Scratch {
  std::filesystem::path path;
  int descriptor = -1;
  ~Scratch() {
    if (descriptor < 0) return;
    ::close(descriptor);
    ::unlink(path.c_str());
  }
};

}  // namespace

VoteLogFile::~VoteLogFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::unique_ptr<VoteLogFile>> VoteLogFile::open(const std::filesystem::path& file,
                                                       const ChainId& chain,
                                                       std::span<const PublicKey> validators,
                                                       const VoteLogOptions& options) {
  if (options.ring_bytes < kMinRing || options.ring_bytes % kSector != 0)
    return fail(ErrorCode::kInvalidArgument,
                "the vote log's ring must be a multiple of 512 bytes "
                "and hold four of the largest records");
  std::unique_ptr<VoteLogFile> log(new VoteLogFile());
  log->sync_ = options.sync;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    USANCE_TRY(log->create(file, chain, validators.front(), options));
    log->created_ = true;
  }
  log->descriptor_ = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (log->descriptor_ < 0) return system_error("opening " + file.string());
  if (::flock(log->descriptor_, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorCode::kFailedPrecondition, "another process uses " + file.string());
  USANCE_TRY(log->read_head(file, chain, validators));
  USANCE_TRY(log->find_newest());
  return log;
}

Result<void> VoteLogFile::create(const std::filesystem::path& file, const ChainId& chain,
                                 const PublicKey& validator, const VoteLogOptions& options) {
  Head head{chain, validator, options.ring_bytes, {}, {}};
  if (::getrandom(head.salt.bytes.data(), head.salt.bytes.size(), 0) !=
      static_cast<ssize_t>(head.salt.bytes.size()))
    return system_error("drawing the vote log's salt");
  head.check = head.expected_check();

  Scratch scratch{file.string() + ".new", -1};
  scratch.descriptor =
      ::open(scratch.path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (scratch.descriptor < 0) return system_error("making " + scratch.path.string());
  Bytes first = encode(head);
  first.resize(kSector);
  USANCE_TRY(write_all(scratch.descriptor, first, 0));
  // Real zeros: space that is only reserved costs a journal write with every first use of it.
  const Bytes zeros(64 * 1024);
  for (std::uint64_t done = 0; done < options.ring_bytes;) {
    const std::uint64_t part = std::min<std::uint64_t>(zeros.size(), options.ring_bytes - done);
    USANCE_TRY(write_all(scratch.descriptor, ByteView(zeros).first(part), kSector + done));
    done += part;
  }
  if (::fsync(scratch.descriptor) != 0) return system_error("syncing " + scratch.path.string());
  if (::rename(scratch.path.c_str(), file.c_str()) != 0)
    return system_error("naming " + file.string());
  ::close(scratch.descriptor);
  scratch.descriptor = -1;
  return sync_directory(file.has_parent_path() ? file.parent_path() : ".");
}

Result<void> VoteLogFile::read_head(const std::filesystem::path& file, const ChainId& chain,
                                    std::span<const PublicKey> validators) {
  USANCE_ASSIGN(const Bytes sector, read_all(descriptor_, 0, kSector));
  Decoder decoder(sector);
  Head head;
  decoder(head);
  if (!decoder.status() || head.check != head.expected_check() || head.ring_bytes < kMinRing ||
      head.ring_bytes % kSector != 0)
    return fail(ErrorCode::kCorrupt, file.string() + " does not begin as a vote log");
  if (head.chain != chain)
    return fail(ErrorCode::kFailedPrecondition,
                file.string() + " belongs to another network: " + to_hex(head.chain));
  if (std::ranges::find(validators, head.validator) == validators.end())
    return fail(ErrorCode::kFailedPrecondition,
                file.string() + " belongs to another validator key: " + to_hex(head.validator) +
                    "; if this node's key was replaced, start it once with both keys");
  chain_ = head.chain;
  validator_ = head.validator;
  ring_bytes_ = head.ring_bytes;
  salt_ = head.salt;
  return {};
}

Result<void> VoteLogFile::hand_over(const PublicKey& validator) {
  if (validator == validator_) return {};
  if (failed_) return fail(ErrorCode::kIo, "the vote log failed before and must be opened again");
  Head head{chain_, validator, ring_bytes_, salt_, {}};
  head.check = head.expected_check();
  Bytes sector = encode(head);
  sector.resize(kSector);
  Result<void> written = write_all(descriptor_, sector, 0);
  if (written && sync_ && ::fdatasync(descriptor_) != 0)
    written = system_error("syncing the vote log");
  if (!written) {
    // For want of room, as in append(): the same head is written once more.
    failed_ = written.error().code != ErrorCode::kResourceExhausted;
    return written;
  }
  validator_ = validator;
  return {};
}

Hash32 VoteLogFile::record_hash(const Hash32& previous, std::uint64_t sequence,
                                ByteView record) const {
  Encoder e;
  e(salt_);
  e(previous);
  e(sequence);
  e(static_cast<std::uint32_t>(record.size()));
  return sha256({ByteView(e.data()), record});
}

// Every whole record in the ring counts, wherever it lies: what a torn or flipped one leaves is
// the newest of the others.
Result<void> VoteLogFile::find_newest() {
  USANCE_ASSIGN(const Bytes ring, read_all(descriptor_, kSector, ring_bytes_));
  struct Found {
    Hash32 previous;
    Hash32 hash;
    std::uint64_t offset;
    std::uint64_t size;
  };
  std::map<std::uint64_t, Found> records;  // by sequence
  for (std::uint64_t offset = 0; offset + kSector <= ring.size(); offset += kSector) {
    Decoder d(ByteView(ring).subspan(offset));
    std::uint32_t mark = 0;
    std::uint32_t length = 0;
    std::uint64_t sequence = 0;
    Found found{{}, {}, offset, 0};
    d(mark);
    d(length);
    d(sequence);
    d(found.previous);
    d(found.hash);
    if (mark != kRecordMark || length > kMaxVoteRecordBytes || length > d.remaining()) continue;
    const ByteView record = d.raw(length);
    if (record_hash(found.previous, sequence, record) != found.hash) continue;
    found.size = kRecordHead + length;
    records[sequence] = found;
  }
  if (records.empty()) return {};
  const auto last = std::prev(records.end());
  const Found& newest = last->second;
  if (last != records.begin()) {
    const auto before = std::prev(last);
    if (before->first + 1 == last->first && before->second.hash != newest.previous)
      return fail(ErrorCode::kCorrupt, "record " + std::to_string(last->first) +
                                           " of the vote log does not follow the one before it");
  }
  const ByteView record =
      ByteView(ring).subspan(newest.offset + kRecordHead, newest.size - kRecordHead);
  newest_ = StoredVoteRecord{last->first, Bytes(record.begin(), record.end())};
  newest_hash_ = newest.hash;
  next_offset_ = newest.offset + padded(newest.size);
  return {};
}

std::optional<StoredVoteRecord> VoteLogFile::newest() const {
  return newest_;
}

Result<void> VoteLogFile::append(std::uint64_t sequence, ByteView record) {
  if (failed_) return fail(ErrorCode::kIo, "the vote log failed before and must be opened again");
  if (sequence <= (newest_ ? newest_->sequence : 0))
    return fail(ErrorCode::kInvalidArgument,
                "record " + std::to_string(sequence) + " is not above the vote log's newest");
  if (record.size() > kMaxVoteRecordBytes)
    return fail(ErrorCode::kInvalidArgument, "a vote record is over its limit");
  const Hash32 hash = record_hash(newest_hash_, sequence, record);
  Encoder e;
  e.reserve(padded(kRecordHead + record.size()));
  e(kRecordMark);
  e(static_cast<std::uint32_t>(record.size()));
  e(sequence);
  e(newest_hash_);
  e(hash);
  e.raw(record);
  Bytes bytes = std::move(e).take();
  bytes.resize(padded(bytes.size()));
  // The ring holds more than three records of any size: wrapping never touches the newest.
  const std::uint64_t offset = next_offset_ + bytes.size() <= ring_bytes_ ? next_offset_ : 0;
  Result<void> written = write_all(descriptor_, bytes, kSector + offset);
  if (written && sync_ && ::fdatasync(descriptor_) != 0)
    written = system_error("syncing the vote log");
  if (!written) {
    // For want of room the record may be torn, and nothing else is touched: writing it once more
    // to the same place mends it, and dirties again what a sync may have given up.
    failed_ = written.error().code != ErrorCode::kResourceExhausted;
    return written;
  }
  next_offset_ = offset + bytes.size();
  newest_hash_ = hash;
  newest_ = StoredVoteRecord{sequence, Bytes(record.begin(), record.end())};
  return {};
}

}  // namespace usance::storage
