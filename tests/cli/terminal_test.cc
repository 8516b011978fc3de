// What is written to a terminal and what to a file.

#include "cli/terminal.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cli/text_terminal.h"

namespace melete::cli {
namespace {

TEST(Terminal, DimsTextOnlyWhereThatIsUnderstood) {
  TextTerminal on_screen(screen());
  on_screen.terminal.write_dim("so");
  EXPECT_EQ(on_screen.text(), "\x1b[2mso\x1b[0m");

  TextTerminal in_file(plain_file());
  in_file.terminal.write_dim("so");
  EXPECT_EQ(in_file.text(), "so");
}

TEST(Fit, CutsAtTheWidthAndCountsCharactersNotBytes) {
  EXPECT_EQ(fit("Ägäis", 5), "Ägäis");
  EXPECT_EQ(fit("Ägäische", 5), "Ägäi…");
  EXPECT_EQ(fit("", 5), "");
}

TEST(Fit, KeepsEverythingOnOneLine) {
  EXPECT_EQ(fit("one\ntwo\tthree", 80), "one two three");
}

TEST(Printable, LeavesOutWhatWouldSteerTheTerminal) {
  EXPECT_EQ(printable("a\x1b[31mred\x07\r\n\tb"), "a[31mred\n\tb");
  EXPECT_EQ(printable("x\xc2\x9by"), "xy");
  EXPECT_EQ(printable("Μελέτη ü"), "Μελέτη ü");
}

TEST(LiveLines, AreDrawnOverTheLastOnes) {
  TextTerminal on_screen(screen());
  LiveLines lines(on_screen.terminal);
  lines.show({"a", "b"});
  lines.show({"c"});
  EXPECT_NE(on_screen.text().find("a\nb\n"), std::string::npos);
  EXPECT_NE(on_screen.text().find("\x1b[2F\x1b[J"), std::string::npos);
}

TEST(LiveLines, StayBelowTheHeightAndWidthOfTheScreen) {
  TextTerminal on_screen({.interactive = true, .styled = true, .width = 20, .height = 5});
  {
    LiveLines lines(on_screen.terminal);
    lines.show(std::vector<std::string>(9, std::string(50, 'x')));
  }
  const std::string drawn = on_screen.text();
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), '\n'), 4);
  EXPECT_EQ(drawn.find(std::string(20, 'x')), std::string::npos);
}

TEST(LiveLines, ShowNothingInAFile) {
  TextTerminal in_file(plain_file());
  LiveLines lines(in_file.terminal);
  lines.show({"a"});
  lines.clear();
  EXPECT_EQ(in_file.text(), "");
}

}  // namespace
}  // namespace melete::cli
