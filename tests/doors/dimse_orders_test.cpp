// Orders for images on the DICOM network: the worklist as findscu asks for it, performed procedure steps and
// storage commitment.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcitem.h>
#include <dcmtk/dcmnet/dimse.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <cstring>

#include "archive/compose.h"
#include "base/file.h"
#include "doors/dimse/dimse_server.h"
#include "doors/dimse/user_association.h"
#include "doors/http_node_fixture.h"

namespace meridian::doors::dimse {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kFilmClass = "1.2.840.10008.5.1.4.1.1.1.1";

class DimseOrdersTest : public http::HttpNodeTest {
 protected:
  DimseOrdersTest() {
    patient_ = post("/fhir/Patient",
                    R"({"resourceType":"Patient","identifier":[{"system":"urn:test","value":"P-1"}],)"
                    R"("gender":"female","birthDate":"1961-02-03",)"
                    R"("name":[{"text":"王秀英"},{"use":"usual","text":"Wang Xiuying"}],)"
                    R"("managingOrganization":{"reference":"Organization/east"}})")
                   .json()
                   .text("id");
    DimseOptions options;
    options.port = 0;
    server_dimse_ = std::make_unique<DimseServer>(options, handlers());
  }

  static trust::Principal device(const std::string& title) {
    trust::Principal principal;
    principal.user = principal.display = title;
    principal.role = trust::Role::device;
    principal.organization = title == "STRANGER" ? "Organization/west" : "Organization/east";
    return principal;
  }

  DimseHandlers handlers() {
    DimseHandlers handlers;
    handlers.store = [](std::string, const PeerFacts&) { return std::uint16_t(0); };
    handlers.worklist = [this](const std::vector<archive::QueryKey>& keys, const PeerFacts& peer) {
      return care_.modality_worklist.find(device(peer.calling_ae_title), peer.calling_ae_title, keys);
    };
    handlers.begin_step = [this](const std::string& uid, const Json& attributes, const PeerFacts& peer) {
      care_.procedure_steps.begin(device(peer.calling_ae_title), uid, attributes);
    };
    handlers.update_step = [this](const std::string& uid, const Json& attributes, const PeerFacts& peer) {
      care_.procedure_steps.update(device(peer.calling_ae_title), uid, attributes);
    };
    handlers.commitments = &commitments_;
    return handlers;
  }

  std::string order(const std::string& accession, const std::string& modality = "DX",
                    const std::string& when = "2026-11-24T09:30:00+08:00") {
    const auto answer = post(
        "/fhir/ServiceRequest",
        R"({"resourceType":"ServiceRequest","status":"active","intent":"order","priority":"urgent",)"
        R"("identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"ACSN"}]},"value":")" +
            accession + R"("}],"code":{"text":"Chest film"},"orderDetail":[{"coding":[{)" +
            R"("system":"http://dicom.nema.org/resources/ontology/DCM","code":")" + modality +
            R"("}]}],"occurrenceDateTime":")" + when + R"(","reasonCode":[{"text":"Cough"}],)" +
            R"("subject":{"reference":"Patient/)" + patient_ + R"("}})");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json().text("id");
  }

  // What findscu prints of the worklist.
  std::string worklist(const std::string& keys, const std::string& title = "XRAY") {
    const std::string output = (folder_ / "findscu").string();
    const std::string command = "findscu -W -v -aec MERIDIAN -aet " + title + " 127.0.0.1 " +
                                std::to_string(server_dimse_->port()) +
                                " -k PatientName -k PatientID -k AccessionNumber -k StudyInstanceUID"
                                " -k 'ScheduledProcedureStepSequence[0].Modality'"
                                " -k 'ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate'"
                                " -k 'ScheduledProcedureStepSequence[0].ScheduledProcedureStepStatus' " +
                                keys + " > " + output + " 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return read_file(output);
  }

  std::string status_of(const std::string& request) {
    return get("/fhir/ServiceRequest/" + request).json().text("status");
  }

  meridian::doors::dimse::DimsePeer peer(const std::string& title = "XRAY") const {
    return {
        .host = "127.0.0.1", .port = server_dimse_->port(), .ae_title = "MERIDIAN", .our_ae_title = title};
  }

  std::string patient_;
  Commitments commitments_{
      *database_,
      queue_,
      {},
      [this](const std::string& sop_class, const std::string& uid, const PeerFacts& peer) {
        return care_.intake.commit(device(peer.calling_ae_title), sop_class, uid);
      }};
  std::unique_ptr<DimseServer> server_dimse_;
};

// A modality's side of one association for one service.
class Modality {
 public:
  Modality(const DimsePeer& peer, const std::string& sop_class)
      : association_(peer, {{.abstract_syntax = sop_class, .transfer_syntaxes = {"1.2.840.10008.1.2"}}}),
        sop_class_(sop_class) {}

  std::uint16_t begin(const std::string& uid, const std::string& accession,
                      const char* status = "IN PROGRESS") {
    DcmDataset step;
    step.putAndInsertString(DCM_PerformedProcedureStepStatus, status);
    DcmItem* scheduled = nullptr;
    step.findOrCreateSequenceItem(DCM_ScheduledStepAttributesSequence, scheduled, -2);
    scheduled->putAndInsertString(DCM_AccessionNumber, accession.c_str());
    T_DIMSE_Message message{};
    message.CommandField = DIMSE_N_CREATE_RQ;
    auto& request = message.msg.NCreateRQ;
    request.MessageID = 1;
    request.opts = O_NCREATE_AFFECTEDSOPINSTANCEUID;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    std::strcpy(request.AffectedSOPClassUID, sop_class_.c_str());
    std::strcpy(request.AffectedSOPInstanceUID, uid.c_str());
    return ask(message, step).msg.NCreateRSP.DimseStatus;
  }

  std::uint16_t end(const std::string& uid, const char* status) {
    DcmDataset step;
    return end(uid, status, step);
  }
  std::uint16_t end(const std::string& uid, const char* status, DcmDataset& step) {
    step.putAndInsertString(DCM_PerformedProcedureStepStatus, status);
    T_DIMSE_Message message{};
    message.CommandField = DIMSE_N_SET_RQ;
    auto& request = message.msg.NSetRQ;
    request.MessageID = 2;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    std::strcpy(request.RequestedSOPClassUID, sop_class_.c_str());
    std::strcpy(request.RequestedSOPInstanceUID, uid.c_str());
    return ask(message, step).msg.NSetRSP.DimseStatus;
  }

  std::uint16_t commit(const std::vector<std::string>& instances) {
    DcmDataset asked;
    asked.putAndInsertString(DCM_TransactionUID, "1.2.99");
    for (const std::string& uid : instances) {
      DcmItem* item = nullptr;
      asked.findOrCreateSequenceItem(DCM_ReferencedSOPSequence, item, -2);
      item->putAndInsertString(DCM_ReferencedSOPClassUID, kFilmClass);
      item->putAndInsertString(DCM_ReferencedSOPInstanceUID, uid.c_str());
    }
    T_DIMSE_Message message{};
    message.CommandField = DIMSE_N_ACTION_RQ;
    auto& request = message.msg.NActionRQ;
    request.MessageID = 3;
    request.ActionTypeID = 1;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    std::strcpy(request.RequestedSOPClassUID, sop_class_.c_str());
    std::strcpy(request.RequestedSOPInstanceUID, UID_StorageCommitmentPushModelSOPInstance);
    return ask(message, asked).msg.NActionRSP.DimseStatus;
  }

  // Waits for the report, answers it, and gives its event type and data set.
  std::pair<std::uint16_t, std::unique_ptr<DcmDataset>> report() {
    T_DIMSE_Message message = receive();
    EXPECT_EQ(message.CommandField, DIMSE_N_EVENT_REPORT_RQ);
    DcmDataset* result = nullptr;
    T_ASC_PresentationContextID context = 1;
    DIMSE_receiveDataSetInMemory(association_.get(), DIMSE_NONBLOCKING, 20, &context, &result, nullptr,
                                 nullptr);
    T_DIMSE_Message answer{};
    answer.CommandField = DIMSE_N_EVENT_REPORT_RSP;
    answer.msg.NEventReportRSP.MessageIDBeingRespondedTo = message.msg.NEventReportRQ.MessageID;
    answer.msg.NEventReportRSP.DataSetType = DIMSE_DATASET_NULL;
    DIMSE_sendMessageUsingMemoryData(association_.get(), 1, &answer, nullptr, nullptr, nullptr, nullptr);
    return {message.msg.NEventReportRQ.EventTypeID, std::unique_ptr<DcmDataset>(result)};
  }

 private:
  T_DIMSE_Message receive() {
    T_DIMSE_Message message{};
    T_ASC_PresentationContextID context = 0;
    DcmDataset* detail = nullptr;
    EXPECT_TRUE(
        DIMSE_receiveCommand(association_.get(), DIMSE_NONBLOCKING, 20, &context, &message, &detail).good());
    delete detail;
    return message;
  }
  T_DIMSE_Message ask(T_DIMSE_Message& message, DcmDataset& dataset) {
    EXPECT_TRUE(
        DIMSE_sendMessageUsingMemoryData(association_.get(), 1, &message, nullptr, &dataset, nullptr, nullptr)
            .good());
    return receive();
  }

  UserAssociation association_;
  const std::string sop_class_;
};

TEST_F(DimseOrdersTest, AWorklistGivesOpenOrders) {
  order("A-1");
  order("A-2", "CT", "2026-12-01");
  const std::string all = worklist("");
  for (const char* expected : {"A-1", "A-2", "P-1", "王秀英", "[DX", "[CT", "20261124", "SCHEDULED"})
    EXPECT_THAT(all, HasSubstr(expected));
  EXPECT_LT(all.find("A-1"), all.find("A-2"));
  const std::string films = worklist("-k 'ScheduledProcedureStepSequence[0].Modality=DX'");
  EXPECT_THAT(films, HasSubstr("A-1"));
  EXPECT_THAT(films, Not(HasSubstr("A-2")));
  const std::string later =
      worklist("-k 'ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate=20261125-'");
  EXPECT_THAT(later, Not(HasSubstr("A-1")));
  EXPECT_THAT(later, HasSubstr("A-2"));
  EXPECT_THAT(worklist("-k 'PatientName=*xiuying*'"), HasSubstr("A-1"));
  EXPECT_THAT(worklist("-k PatientID=P-2"), Not(HasSubstr("A-1")));
  EXPECT_THAT(worklist("", "STRANGER"), Not(HasSubstr("A-1")));
}

// Modalities ask for their own work, most of them by the title by which they call.
TEST_F(DimseOrdersTest, AWorklistIsForTheStationThatAsks) {
  order("A-1");
  const std::string station = "-k 'ScheduledProcedureStepSequence[0].ScheduledStationAETitle";
  for (const char* asked : {"=XRAY'", "'", "=ROOM2'", "=*'"})
    EXPECT_THAT(worklist(station + asked), HasSubstr("A-1")) << asked;
  EXPECT_THAT(worklist(station + "'"), HasSubstr("AE [XRAY"));
  EXPECT_THAT(worklist(station + "=ROOM2'"), HasSubstr("AE [ROOM2"));
  EXPECT_THAT(worklist(station + "=XR*'"), HasSubstr("A-1"));
  EXPECT_THAT(worklist(station + "=CT*'"), Not(HasSubstr("A-1")));
}

TEST_F(DimseOrdersTest, AWorklistNamesTheProcedureByItsFirstCode) {
  Json request = Json::parse(get("/fhir/ServiceRequest/" + order("A-1")).body);
  const auto coded = [&](const char* codings) {
    request["code"]["coding"] = Json::parse(codings);
    EXPECT_EQ(send("PUT", "/fhir/ServiceRequest/" + request.text("id"), request.dump()).status, 200);
    return worklist(
        "-k 'RequestedProcedureCodeSequence[0].CodeValue'"
        " -k 'RequestedProcedureCodeSequence[0].LongCodeValue'"
        " -k 'RequestedProcedureCodeSequence[0].CodingSchemeDesignator'"
        " -k 'RequestedProcedureCodeSequence[0].CodeMeaning'");
  };
  const std::string two = coded(
      R"([{"system": "http://snomed.info/sct", "code": "399208008", "display": "Chest film"},
          {"system": "http://loinc.org", "code": "36643-5", "display": "XR Chest 2 Views"}])");
  EXPECT_THAT(two, HasSubstr("SH [399208008"));
  EXPECT_THAT(two, HasSubstr("SH [SCT"));
  EXPECT_THAT(two, Not(HasSubstr("36643-5")));  // one item at most (PS3.4, table K.6-1)
  EXPECT_THAT(coded(R"([{"system": "http://loinc.org", "code": "36643-5", "display": "XR Chest"}])"),
              HasSubstr("SH [LN"));
  const std::string local =
      coded(R"([{"system": "urn:clinic:procedures", "code": "CHEST-FILM-TWO-VIEWS", "display": "Chest"}])");
  EXPECT_THAT(local, HasSubstr("UC [CHEST-FILM-TWO-VIEWS"));
  EXPECT_THAT(local, HasSubstr("99MERIDIAN"));
}

TEST_F(DimseOrdersTest, AStepMovesItsOrder) {
  const std::string request = order("A-1");
  Modality modality(peer(), UID_ModalityPerformedProcedureStepSOPClass);
  EXPECT_EQ(modality.begin("1.2.3", "A-1", "COMPLETED"), 0x0106);
  EXPECT_EQ(modality.begin("1.2.3", "A-1"), 0);
  EXPECT_EQ(modality.begin("1.2.3", "A-1"), 0x0111);
  EXPECT_THAT(worklist(""), HasSubstr("STARTED"));
  EXPECT_EQ(modality.end("1.2.9", "COMPLETED"), 0x0112);
  EXPECT_EQ(modality.end("1.2.3", "FINISHED"), 0x0106);
  EXPECT_EQ(Modality(peer("STRANGER"), UID_ModalityPerformedProcedureStepSOPClass).end("1.2.3", "COMPLETED"),
            0x0112);
  EXPECT_EQ(status_of(request), "active");
  EXPECT_EQ(modality.end("1.2.3", "COMPLETED"), 0);
  EXPECT_EQ(status_of(request), "completed");
  EXPECT_EQ(modality.end("1.2.3", "COMPLETED"), 0x0110);
  EXPECT_THAT(worklist(""), Not(HasSubstr("A-1")));
  const Json tasks = get("/fhir/Task?focus=ServiceRequest/" + request).json();
  EXPECT_EQ(tasks.get("entry").at(0).text("resource.status"), "completed");
}

TEST_F(DimseOrdersTest, AStepSaysWhatItMadeAndItsDose) {
  const std::string request = order("A-1");
  Modality modality(peer(), UID_ModalityPerformedProcedureStepSOPClass);
  EXPECT_EQ(modality.begin("1.2.3", "A-1"), 0);
  DcmDataset step;
  step.putAndInsertString(DCM_ImageAndFluoroscopyAreaDoseProduct, "1.25");
  step.putAndInsertString(DCM_RETIRED_TotalNumberOfExposures, "2");
  DcmItem *series = nullptr, *image = nullptr;
  step.findOrCreateSequenceItem(DCM_PerformedSeriesSequence, series, -2);
  series->putAndInsertString(DCM_SeriesInstanceUID, "1.2.3.4");
  series->putAndInsertString(DCM_SeriesDescription, "Chest PA");
  series->putAndInsertString(DCM_ProtocolName, "Thorax");
  series->findOrCreateSequenceItem(DCM_ReferencedImageSequence, image, -2);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(modality.end("1.2.3", "IN PROGRESS", step), 0);  // said twice
  step.putAndInsertString(DCM_ImageAndFluoroscopyAreaDoseProduct, "1.5");
  EXPECT_EQ(modality.end("1.2.3", "COMPLETED", step), 0);
  const Json task =
      get("/fhir/Task?focus=ServiceRequest/" + request).json().get("entry").at(0).get("resource");
  const Json& outputs = task.get("output");
  ASSERT_EQ(outputs.size(), 3u) << task.dump();
  EXPECT_EQ(outputs.at(0).text("valueReference.identifier.value"), "urn:oid:1.2.3.4");
  EXPECT_EQ(outputs.at(0).text("valueReference.display"), "Chest PA, protocol Thorax, 1 image");
  EXPECT_EQ(outputs.at(1).get("valueQuantity.value"), Json(2.0));
  EXPECT_EQ(outputs.at(2).get("valueQuantity.value"), Json(1.5));
  EXPECT_EQ(outputs.at(2).text("valueQuantity.code"), "dGy.cm2");
}

TEST_F(DimseOrdersTest, AStepThatIsBrokenOffLeavesItsOrderOpen) {
  const std::string request = order("A-1");
  Modality modality(peer(), UID_ModalityPerformedProcedureStepSOPClass);
  EXPECT_EQ(modality.begin("1.2.3", "A-1"), 0);
  EXPECT_EQ(modality.end("1.2.3", "DISCONTINUED"), 0);
  EXPECT_EQ(status_of(request), "active");
  EXPECT_THAT(worklist(""), HasSubstr("SCHEDULED"));
  EXPECT_EQ(modality.begin("1.2.4", "unknown"), 0);  // of no order
  EXPECT_EQ(modality.end("1.2.4", "COMPLETED"), 0);
}

TEST_F(DimseOrdersTest, CommitsToWhatIsSafelyKept) {
  archive::FilmFacts film;
  film.patient_id = "P-1";
  film.instance_uid = "1.5.1";
  vision::GreyImage image{.width = 8, .height = 4};
  image.pixels.assign(32, 0.5f);
  ASSERT_EQ(
      post("/dicomweb/studies", archive::compose_film(image, film), "Content-Type: application/dicom\r\n")
          .status,
      200);
  Modality modality(peer(), UID_StorageCommitmentPushModelSOPClass);
  EXPECT_EQ(modality.commit({"1.5.1"}), 0);
  const auto [kept, all] = modality.report();
  EXPECT_EQ(kept, 1);
  OFString transaction;
  all->findAndGetOFString(DCM_TransactionUID, transaction);
  EXPECT_EQ(transaction, "1.2.99");
  EXPECT_EQ(modality.commit({"1.5.1", "1.5.2"}), 0);
  const auto [failed, some] = modality.report();
  EXPECT_EQ(failed, 2);
  DcmItem* item = nullptr;
  ASSERT_TRUE(some->findAndGetSequenceItem(DCM_FailedSOPSequence, item, 0).good());
  Uint16 reason = 0;
  item->findAndGetUint16(DCM_FailureReason, reason);
  EXPECT_EQ(reason, 0x0112);
  EXPECT_TRUE(some->findAndGetSequenceItem(DCM_ReferencedSOPSequence, item, 0).good());

  std::string digest;
  blobs_->for_each([&](const std::string& found) { digest = found; });
  write_file(folder_ / "blobs" / digest.substr(0, 2) / digest, "damaged");
  EXPECT_EQ(modality.commit({"1.5.1"}), 0);
  EXPECT_EQ(modality.report().first, 2);
  Modality stranger(peer("STRANGER"), UID_StorageCommitmentPushModelSOPClass);
  EXPECT_EQ(stranger.commit({"1.5.1"}), 0);
  EXPECT_EQ(stranger.report().first, 2);
  EXPECT_NE(stranger.commit({}), 0);
}

TEST_F(DimseOrdersTest, KeepsARequestToCommitWhosePeerHangsUp) {
  const auto waiting = [&] { return queue_.waiting("dicom.commitment/XRAY"); };
  {
    Modality hasty(peer(), UID_StorageCommitmentPushModelSOPClass);
    EXPECT_EQ(hasty.commit({"1.5.1"}), 0);
  }
  server_dimse_.reset();  // its associations have ended
  EXPECT_EQ(waiting(), 1);
}

}  // namespace
}  // namespace meridian::doors::dimse
