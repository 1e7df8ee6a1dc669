# cmake -DINPUT=file -DOUTPUT=file.cpp -DNAME=function -DHEADER=file.h -P embed_bytes.cmake
# Writes the definition of usance::interfaces::NAME(), declared in HEADER: a view of the input's
# bytes.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUTPUT}
"// Generated from the contract's interface.
#include \"${HEADER}\"

namespace usance::interfaces {

ByteView ${NAME}() {
  static constexpr std::uint8_t kBytes[] = {${bytes}};
  return kBytes;
}

}  // namespace usance::interfaces
")
