// Forms as clients write them are read part by part; what is malformed is refused.

#include "api/multipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::api {
namespace {

using testing::HasSubstr;

constexpr std::string_view kType = "multipart/form-data; boundary=XX";

// "\n" for each line's end.
std::string lines(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

// The only part of a form whose part begins with these header lines.
FormPart only_part(const std::string& headers, std::string_view content = "x") {
  static std::string body;  // what is read is a view of it
  body = lines("--XX\n" + headers + "\n\n") + std::string(content) + lines("\n--XX--\n");
  auto parts = read_multipart(body, kType);
  EXPECT_TRUE(parts) << parts.error().message;
  if (!parts || parts->size() != 1) {
    ADD_FAILURE() << "one part expected";
    return {};
  }
  return parts->front();
}

TEST(Multipart, GivesNamesFilesAndBytes) {
  const std::string body = lines(
      "a preamble, passed over\n"
      "--XX\nContent-Disposition: form-data; name=\"purpose\"\n\nuser_data\n"
      "--XX  \nContent-Type: text/plain\ncontent-disposition: Form-Data; filename=a.txt; "
      "name=file\n"
      "\nline\n--X\n\n\n"
      "--XX\nContent-Disposition: form-data; name=\"empty\"\n\n\n"
      "--XX--\nan epilogue, too");
  const auto parts = read_multipart(body, kType);
  ASSERT_TRUE(parts) << parts.error().message;
  ASSERT_EQ(parts->size(), 3U);
  EXPECT_EQ(parts->at(0).name, "purpose");
  EXPECT_EQ(parts->at(0).file_name, "");
  EXPECT_EQ(parts->at(0).content, "user_data");
  EXPECT_EQ(parts->at(1).name, "file");
  EXPECT_EQ(parts->at(1).file_name, "a.txt");
  EXPECT_EQ(parts->at(1).content, lines("line\n--X\n\n"));
  EXPECT_EQ(parts->at(2).name, "empty");
  EXPECT_EQ(parts->at(2).content, "");
}

TEST(Multipart, ReadsNamesAsDifferentClientsWriteThem) {
  struct Row {
    const char* disposition;
    const char* file_name;
  };
  const std::vector<Row> rows{
      {R"(form-data; name="f"; filename="it's; a = b.txt")", "it's; a = b.txt"},
      {R"(form-data; name="f"; filename="a \"b\" \\ c")", R"(a "b" \ c)"},
      {R"(form-data; name="f"; filename="a %22b%22.txt")", R"(a "b".txt)"},
      {R"(form-data; name="f"; filename="C:\new\file.txt")", R"(C:\new\file.txt)"},
      {R"(form-data;name=f;filename=a.txt;)", "a.txt"},
      {"form-data ; NAME = \"f\" ; FileName = \"\xC3\xA9.txt\"", "\xC3\xA9.txt"},
  };
  for (const Row& row : rows) {
    const FormPart part = only_part("Content-Disposition: " + std::string(row.disposition));
    EXPECT_EQ(part.name, "f") << row.disposition;
    EXPECT_EQ(part.file_name, row.file_name) << row.disposition;
  }
}

TEST(Multipart, TakesAnyBoundary) {
  const std::string body =
      lines("--a b'()+_,-./:=?\nContent-Disposition: form-data; name=f\n\nx\n--a b'()+_,-./:=?--");
  const auto parts =
      read_multipart(body, "Multipart/Form-Data; charset=utf-8; boundary=\"a b'()+_,-./:=?\"");
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(parts->at(0).content, "x");
}

TEST(Multipart, RefusesWhatIsNoForm) {
  const std::string disposition = "Content-Disposition: form-data; name=f\n";
  std::string many;
  for (int index = 0; index < 65; ++index) many += "--XX\n" + disposition + "\nx\n";
  struct Row {
    std::string type;
    std::string body;
    const char* words;
  };
  const std::string type(kType);
  const std::vector<Row> rows{
      {"", "", "must be a form"},
      {"application/json", "{}", "must be a form"},
      {"multipart/mixed; boundary=XX", "--XX--", "must be a form"},
      {"multipart/form-data", "--XX--", "no boundary"},
      {"multipart/form-data; boundary=", "--XX--", "no boundary"},
      {"multipart/form-data; boundary=" + std::string(71, 'x'), "", "no boundary"},
      {"multipart/form-data; boundary=\"XX", "--XX--", "must be a form"},
      {type, "", "boundary is not in the body"},
      {type, "--YY--", "boundary is not in the body"},
      {type, "--XX", "ends early"},
      {type, "--XX\n", "headers do not end"},
      {type, "--XXY\n" + disposition + "\nx\n--XX--", "ends early"},
      {type, "--XX\n" + disposition + "\nx", "ends early"},
      {type, "--XX\n" + disposition + "\nx\n--XX", "ends early"},
      {type, "--XX\n" + disposition, "headers do not end"},
      {type, "--XX\nX: " + std::string(9000, 'x') + "\n\nx\n--XX--", "headers do not end"},
      {type, "--XX\nhello\n\nx\n--XX--", "no colon"},
      {type, "--XX\nContent-Type: text/plain\n\nx\n--XX--", "no name"},
      {type, "--XX\nContent-Disposition: form-data; name=\"\"\n\nx\n--XX--", "no name"},
      {type, "--XX\nContent-Disposition: form-data; name=\"f\n\nx\n--XX--", "not form-data"},
      {type, "--XX\nContent-Disposition: form-data; name\n\nx\n--XX--", "not form-data"},
      {type, "--XX\nContent-Disposition: attachment; name=f\n\nx\n--XX--", "not form-data"},
      {type, many + "--XX--", "more than 64 parts"},
  };
  for (const Row& row : rows) {
    const auto parts = read_multipart(lines(row.body), row.type);
    ASSERT_FALSE(parts) << row.body;
    EXPECT_EQ(parts.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(parts.error().message, HasSubstr(row.words)) << row.type << row.body;
  }
}

}  // namespace
}  // namespace melete::api
