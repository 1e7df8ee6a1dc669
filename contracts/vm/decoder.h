// Decodes a module's sections into ModuleData and has each function body translated on the way.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "contracts/vm/module_data.h"
#include "contracts/vm/reader.h"
#include "contracts/vm/translator.h"

namespace usance::vm {

class ModuleDecoder {
 public:
  // `places`: keeps ModuleData::places.
  ModuleDecoder(ByteView wasm, Profile profile, bool places = false);
  [[nodiscard]] Result<std::unique_ptr<ModuleData>> run();

 private:
  // decoder.cpp
  void section(std::uint8_t id, ByteView content, std::size_t offset);
  void custom_section(Reader& r, ByteView content, std::size_t offset);
  void type_section(Reader& r);
  void import_section(Reader& r);
  void function_section(Reader& r);
  void export_section(Reader& r);
  void start_section(Reader& r);
  void code_section(Reader& r);
  void finish();
  Limits limits(Reader& r, std::uint64_t most);
  TableType table_type(Reader& r);
  Limits memory_type(Reader& r);
  GlobalType global_type(Reader& r);
  void usable_function_type(Reader& r, std::uint32_t type);

  // decoder_segments.cpp
  ConstantExpression constant(Reader& r, ValueType type);
  void global_section(Reader& r);
  void element_section(Reader& r);
  void element_items(Reader& r, ElementSegment& segment, bool expressions);
  void data_section(Reader& r);
  void lay_out_memory();
  void check_element_bounds();
  [[nodiscard]] bool contract() const { return module_->profile == Profile::kContract; }
  bool fail(std::string text, std::size_t offset);
  void adopt(const Reader& r);

  ByteView wasm_;
  std::unique_ptr<ModuleData> module_;
  const ProfileLimits& limits_;
  std::string error_;
  std::size_t error_at_ = 0;
  std::vector<bool> referable_;  // functions that ref.func may name
  std::uint32_t declared_bodies_ = 0;
  std::int64_t data_count_ = -1;
  std::size_t items_ = 0;
  bool code_seen_ = false;
};

}  // namespace usance::vm
