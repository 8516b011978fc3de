// Files over the API: uploaded by a form, told of, given back byte for byte, erased.

#include "api/files/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/resource_calls.h"

namespace melete::api::files {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// A part of a form with the boundary "b".
std::string part(const std::string& disposition, std::string_view content) {
  return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" +
         std::string(content) + "\r\n";
}

std::string form(std::string_view content, const std::string& purpose = "user_data",
                 const std::string& name = "notes.txt") {
  return part(R"(name="purpose")", purpose) +
         part(R"(name="file"; filename=")" + name + R"(")", content) + "--b--\r\n";
}

class FilesTest : public ResourceTest {
 protected:
  static ResourceRequest form_request(std::string_view body) {
    ResourceRequest made = request({}, body);
    made.content_type = "multipart/form-data; boundary=b";
    return made;
  }

  std::string add(const std::string& body) {
    return call(upload, form_request(body)).at("id").get<std::string>();
  }

  std::vector<std::string> ids(const std::multimap<std::string, std::string, std::less<>>& query) {
    ResourceRequest request{.query = query, .owner = "alice"};
    std::vector<std::string> ids;
    const Json listed = call(list, request);
    for (const Json& file : listed.at("data")) ids.push_back(file.at("id"));
    return ids;
  }
};

TEST_F(FilesTest, AreToldOfAndGivenBack) {
  const std::string bytes("\0\r\n--\r\n\xFF\x00 end", 13);
  const Json file = call(upload, form_request(form(bytes)));
  EXPECT_THAT(file.at("id").get<std::string>(), StartsWith("file-"));
  EXPECT_EQ(file.at("object"), "file");
  EXPECT_EQ(file.at("bytes"), 13);
  EXPECT_GT(file.at("created_at"), 1'700'000'000);
  EXPECT_EQ(file.at("filename"), "notes.txt");
  EXPECT_EQ(file.at("purpose"), "user_data");
  EXPECT_EQ(file.at("status"), "processed");
  EXPECT_EQ(call(retrieve, request({file.at("id")})), file);
  EXPECT_EQ(content(request({file.at("id")}), *database_), bytes);
}

TEST_F(FilesTest, AreListedByPurposeAndInPages) {
  const std::string first = add(form("1"));
  const std::string second = add(form("2", "vision"));
  EXPECT_THAT(ids({}), testing::UnorderedElementsAre(first, second));
  EXPECT_THAT(ids({{"purpose", "vision"}}), ElementsAre(second));
  EXPECT_THAT(ids({{"purpose", "batch"}}), ElementsAre());
  const auto page = ids({{"limit", "1"}});
  ASSERT_EQ(page.size(), 1U);
  const auto rest = ids({{"limit", "10000"}, {"after", page[0]}});
  EXPECT_THAT(rest, ElementsAre(page[0] == first ? second : first));
}

TEST_F(FilesTest, AreErased) {
  const std::string id = add(form("1"));
  EXPECT_EQ(call(erase, request({id})), Json({{"id", id}, {"object", "file"}, {"deleted", true}}));
  for (const ResourceHandler handler : {retrieve, content, erase}) {
    EXPECT_EQ(refusal(handler, request({id})).code, ErrorCode::NotFound);
  }
}

TEST_F(FilesTest, AreTheirOwnersAlone) {
  const std::string id = add(form("1"));
  const ResourceRequest strangers{.ids = {id}, .owner = "bob"};
  for (const ResourceHandler handler : {retrieve, content, erase}) {
    EXPECT_EQ(refusal(handler, strangers).code, ErrorCode::NotFound);
  }
  EXPECT_TRUE(call(list, strangers).at("data").empty());
  EXPECT_EQ(content(request({id}), *database_), "1");
}

TEST_F(FilesTest, ThatCannotBeKeptAreRefusedWithTheirField) {
  const std::string purpose = part(R"(name="purpose")", "user_data");
  const std::string file = part(R"(name="file"; filename="a")", "1");
  struct Row {
    std::string body;
    const char* parameter;
    const char* words;
  };
  const std::vector<Row> rows{
      {purpose + "--b--", "file", "is missing"},
      {file + "--b--", "purpose", "is missing"},
      {form("1", "fun"), "purpose", "must be one of: assistants"},
      {form("1", "user_data", ""), "file", "must have a file name"},
      {form("1", "user_data", std::string(256, 'n')), "file", "at most 255 bytes"},
      {form("1", "user_data", "a%0Ab"), "file", "without control"},
      {purpose + form("1"), "purpose", "is there twice"},
      {file + form("1"), "file", "is there twice"},
      {part(R"(name="expires_after[anchor]")", "created_at") + form("1"), "expires_after",
       "is not supported"},
      {part(R"(name="colour")", "red") + form("1"), "colour", "is not a field"},
      {"", "", "boundary is not in the body"},
  };
  for (const Row& row : rows) {
    const Error error = refusal(upload, form_request(row.body));
    EXPECT_EQ(error.parameter, row.parameter) << row.body;
    EXPECT_THAT(error.message, HasSubstr(row.words)) << row.body;
  }
  EXPECT_THAT(ids({}), ElementsAre());
}

TEST_F(FilesTest, MustBeSentAsAForm) {
  ResourceRequest json = request({}, R"({"purpose": "user_data"})");
  json.content_type = "application/json";
  EXPECT_THAT(refusal(upload, json).message, HasSubstr("multipart/form-data"));
}

}  // namespace
}  // namespace melete::api::files
