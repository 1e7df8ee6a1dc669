// usance invoice match DIR: which invoices of a folder are the same or like each other. Offline.
#include "tools/documents/invoice_match.h"

#include <algorithm>
#include <memory>

#include "tools/documents/xml_reader.h"
#include "tools/usance/files.h"
#include "tools/usance/invoice_commands.h"
#include "tools/usance/registry_names.h"

namespace usance::cli {

namespace {

namespace fs = std::filesystem;

const char* class_name(documents::MatchClass match) {
  switch (match) {
    case documents::MatchClass::kLink: return "LINK";
    case documents::MatchClass::kRed: return "RED";
    case documents::MatchClass::kAmberId: return "AMBER_ID";
    case documents::MatchClass::kAmberNumber: return "AMBER_NUMBER";
    case documents::MatchClass::kAmber: return "AMBER";
  }
  return "";
}

// The folder's files in the order of their paths, whatever the file system's. Links to folders are
// not followed: they may lead in circles.
Outcome<std::vector<std::string>> files_below(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return stop(ExitCode::kUsage, folder + " is no folder");
  std::vector<std::string> out;
  const fs::recursive_directory_iterator end;
  for (fs::recursive_directory_iterator at(folder, error); !error && at != end;
       at.increment(error)) {
    std::error_code ignored;
    if (!at->is_directory(ignored)) out.push_back(at->path().string());
  }
  if (error) return stop(ExitCode::kUsage, folder + ": " + error.message());
  std::sort(out.begin(), out.end());
  return out;
}

struct Unread {
  std::string file;
  std::string reason;
};

Result<documents::NormalisedInvoice> read_one(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    return fail(ErrorCode::kInvalidArgument, "not a regular file");
  if (fs::file_size(path, error) > documents::kMaxXmlBytes && !error)
    return fail(ErrorCode::kMalformed, "the file is over 8 MiB");
  USANCE_ASSIGN(const std::string text, read_file(path));
  USANCE_ASSIGN(const documents::Invoice invoice, documents::read_invoice(text));
  return documents::normalise(invoice);
}

Outcome<ExitCode> match(const Context& context, const std::vector<std::string>& folders) {
  std::vector<documents::InvoiceFile> files;
  std::vector<Unread> unread;
  for (const std::string& folder : folders) {
    CLI_ASSIGN(const std::vector<std::string> paths, files_below(folder));
    for (const std::string& path : paths) {
      Result<documents::NormalisedInvoice> invoice = read_one(path);
      if (invoice)
        files.push_back({path, std::move(*invoice)});
      else
        unread.push_back({path, invoice.error().message});
    }
  }
  CLI_ASSIGN(const std::vector<documents::InvoicePair> pairs, documents::match_invoices(files));

  Json pair_list = Json::array();
  std::string text;
  for (const documents::InvoicePair& pair : pairs) {
    Json tokens = Json::array();
    for (const documents::TokenKind kind : pair.tokens) tokens.push_back(name_of(kind));
    pair_list.push_back({{"file_a", pair.file_a},
                         {"file_b", pair.file_b},
                         {"class", class_name(pair.match)},
                         {"reason", name_of(pair.reason)},
                         {"tokens", tokens}});
    text += std::string(class_name(pair.match)) + "  " + pair.file_a + "  " + pair.file_b +
            "\n    " + in_words(name_of(pair.reason)) + "\n";
  }
  Json error_list = Json::array();
  for (const Unread& one : unread) {
    error_list.push_back({{"file", one.file}, {"reason", one.reason}});
    text += "not read  " + one.file + "\n    " + one.reason + "\n";
  }
  text += std::to_string(files.size()) + " invoices, " + std::to_string(pairs.size()) +
          " pairs alike, " + std::to_string(unread.size()) + " files not read";
  print(context, Json{{"pairs", pair_list}, {"errors", error_list}}, text);
  return ExitCode::kOk;
}

}  // namespace

void add_invoice_match(CLI::App& noun, Context& context) {
  const auto folders = std::make_shared<std::vector<std::string>>();
  add_verb(noun, context, "match", "Which invoices of a folder are the same or alike; offline",
           [&context, folders] { return match(context, *folders); })
      ->add_option("DIR", *folders, "Folders; every file below them is read")
      ->required();
}

}  // namespace usance::cli
