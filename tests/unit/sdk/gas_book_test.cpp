#include "contracts/testchain/gas_book.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace usance::testchain {
namespace {

class GasBookTest : public ::testing::Test {
 protected:
  void TearDown() override { std::remove(file_.c_str()); }
  [[nodiscard]] std::string content() const {
    std::ostringstream out;
    out << std::ifstream(file_).rdbuf();
    return out.str();
  }
  const std::string file_ = ::testing::TempDir() + "usance-gas-book.txt";
};

TEST_F(GasBookTest, RecordsWhatIsNewAndReportsWhatDiffers) {
  EXPECT_FALSE(GasBook(file_, false).compare("Transfer, first", 61'374));
  EXPECT_FALSE(GasBook(file_, false).compare("Mint", 5));
  EXPECT_EQ(content(), "5  Mint\n61374  Transfer, first\n");
  GasBook book(file_, false);
  EXPECT_FALSE(book.compare("Transfer, first", 61'374));
  const auto difference = book.compare("Transfer, first", 61'375);
  ASSERT_TRUE(difference);
  EXPECT_NE(difference->find("61375"), std::string::npos);
  EXPECT_NE(difference->find("--update-gas"), std::string::npos);
  EXPECT_EQ(content(), "5  Mint\n61374  Transfer, first\n");
  EXPECT_FALSE(GasBook(file_, true).compare("Transfer, first", 61'375));
  EXPECT_EQ(content(), "5  Mint\n61375  Transfer, first\n");
}

TEST_F(GasBookTest, SaysWhenItCannotWrite) {
  EXPECT_TRUE(GasBook("/nonexistent/gas.txt", false).compare("Mint", 5));
}

}  // namespace
}  // namespace usance::testchain
