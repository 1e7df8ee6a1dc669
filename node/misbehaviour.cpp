#include "node/misbehaviour.h"

#include <algorithm>

#include "base/hash.h"
#include "node/files.h"

namespace usance::node {

namespace {

constexpr std::string_view kExtension = ".evidence";

std::filesystem::path folder_of(const std::filesystem::path& data_dir) {
  return data_dir / "misbehaviour";
}

}  // namespace

// The validator's key stands in the name, because evidence names it by its index in a set.
Result<void> keep_contradiction(const std::filesystem::path& data_dir,
                                const consensus::EvidenceFound& found) {
  const Bytes bytes = encode(found.evidence);
  const auto folder = folder_of(data_dir);
  std::error_code ignored;  // a folder that is missing is told by the file
  if (std::filesystem::create_directories(folder, ignored)) USANCE_TRY(sync_directory(data_dir));
  const std::string name = to_hex(found.validator) + "-" +
                           to_hex(sha256(ByteView(bytes))).substr(0, 16) + std::string(kExtension);
  return replace_text(folder / name, as_text(ByteView(bytes)));
}

std::vector<consensus::EvidenceFound> kept_contradictions(const std::filesystem::path& data_dir,
                                                          std::size_t limit) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of(data_dir), error))
    if (entry.path().extension() == kExtension) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<consensus::EvidenceFound> found;
  for (const auto& file : files) {
    if (found.size() == limit) break;
    const std::string name = file.filename().string();
    const auto text = read_text(file);
    Bytes key;
    consensus::EvidenceFound one;
    if (!text || !from_hex(name.substr(0, name.find('-')), key) ||
        !fixed_from(ByteView(key), one.validator))
      continue;
    auto evidence = decode<consensus::Evidence>(as_bytes(*text));
    if (!evidence) continue;
    one.evidence = *std::move(evidence);
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace usance::node
