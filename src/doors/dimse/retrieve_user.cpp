#include "doors/dimse/retrieve_user.h"

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/dimse.h>
#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "archive/attribute_json.h"
#include "archive/part10.h"
#include "base/error.h"
#include "doors/dimse/outcome.h"
#include "doors/dimse/receive_bytes.h"
#include "doors/dimse/status.h"
#include "doors/dimse/user_association.h"

namespace meridian::doors::dimse {
namespace {

// A PACS may fetch from tape before it answers.
constexpr std::chrono::seconds kAnswer{600};
constexpr std::size_t kMostStudies = 10'000;

[[noreturn]] void refused(std::uint16_t status, const std::string& what) {
  throw Error(ErrorCode::unavailable, fmt::format("The DICOM peer {} (status {:04X})", what, status));
}

void check(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::unavailable, std::string("The DICOM peer is gone: ") + condition.text());
}

std::vector<std::string> native_syntaxes() {
  return {std::string(archive::kExplicitLittleEndian), std::string(archive::kImplicitLittleEndian)};
}

// What is given by C-GET comes as it is stored there, where that is a syntax that this archive keeps.
std::vector<ProposedContext> storage_contexts() {
  std::vector<std::string> syntaxes = native_syntaxes();
  for (const archive::TransferSyntax& syntax : archive::transfer_syntaxes())
    if (syntax.encapsulated) syntaxes.emplace_back(syntax.uid);
  std::vector<ProposedContext> contexts;
  contexts.reserve(static_cast<std::size_t>(numberOfDcmLongSCUStorageSOPClassUIDs));
  for (int i = 0; i < numberOfDcmLongSCUStorageSOPClassUIDs; ++i)
    contexts.push_back({dcmLongSCUStorageSOPClassUIDs[i], syntaxes, ASC_SC_ROLE_SCP});
  return contexts;
}

T_ASC_PresentationContextID context_of(const UserAssociation& association, const char* model) {
  const auto context = ASC_findAcceptedPresentationContextID(association.get(), model);
  if (!context) throw Error(ErrorCode::unavailable, "The DICOM peer does not offer this service", model);
  return context;
}

DcmDataset study_identifier(const std::string& study) {
  DcmDataset identifier;
  identifier.putAndInsertString(DCM_QueryRetrieveLevel, "STUDY");
  identifier.putAndInsertString(DCM_StudyInstanceUID, study.c_str());
  return identifier;
}

DcmDataset find_identifier(const StudyFilter& filter) {
  DcmDataset identifier = study_identifier(filter.study);
  const std::pair<DcmTagKey, const std::string*> keys[] = {
      {DCM_PatientID, &filter.patient_id},       {DCM_PatientName, &filter.patient_name},
      {DCM_AccessionNumber, &filter.accession},  {DCM_StudyDate, &filter.date},
      {DCM_ModalitiesInStudy, &filter.modality},
  };
  identifier.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
  for (const auto& [tag, value] : keys) identifier.putAndInsertString(tag, value->c_str());
  for (const DcmTagKey& wanted : {DCM_StudyDescription, DCM_NumberOfStudyRelatedInstances})
    identifier.insertEmptyElement(wanted);
  return identifier;
}

PeerStudy read_study(const Json& match) {
  PeerStudy found{.study = archive::first_value(match, "0020000D"),
                  .patient_id = archive::first_value(match, "00100020"),
                  .patient_name = archive::first_value(match, "00100010"),
                  .date = archive::first_value(match, "00080020"),
                  .description = archive::first_value(match, "00081030"),
                  .modalities = {}};
  for (const Json& modality :
       match.get("00080061.Value").is_array() ? match.get("00080061.Value").items() : Json::Array())
    found.modalities += (found.modalities.empty() ? "" : ",") + archive::value_text(modality);
  const std::string count = archive::first_value(match, "00201208");
  std::from_chars(count.data(), count.data() + count.size(), found.instances);
  return found;
}

template <class Response>
SubOperations numbers_of(const Response& response) {
  return {response.NumberOfRemainingSubOperations, response.NumberOfCompletedSubOperations,
          response.NumberOfFailedSubOperations, response.NumberOfWarningSubOperations};
}

// One C-GET or C-MOVE, from its request to its last response.
class Retrieve {
 public:
  Retrieve(const UserAssociation& association, const RetrieveWatcher& watch)
      : association_(association.get()), watch_(watch) {}

  void request(T_DIMSE_Message& message, T_ASC_PresentationContextID context, const std::string& study) {
    DcmDataset identifier = study_identifier(study);
    check(DIMSE_sendMessageUsingMemoryData(association_, context, &message, nullptr, &identifier, nullptr,
                                           nullptr));
  }

  SubOperations run(const StoreHandler& store, std::uint64_t largest) {
    while (true) {
      T_ASC_PresentationContextID context = 0;
      T_DIMSE_Message message{};
      DcmDataset* detail = nullptr;
      const OFCondition received = DIMSE_receiveCommand(
          association_, DIMSE_NONBLOCKING, static_cast<int>(kAnswer.count()), &context, &message, &detail);
      delete detail;
      check(received);
      if (message.CommandField == DIMSE_C_STORE_RQ && store)
        take(message.msg.CStoreRQ, context, store, largest);
      else if (message.CommandField == DIMSE_C_GET_RSP)
        note(message.msg.CGetRSP, context);
      else if (message.CommandField == DIMSE_C_MOVE_RSP)
        note(message.msg.CMoveRSP, context);
      else
        throw Error(ErrorCode::unavailable, "The DICOM peer sent something else than what it was asked");
      if (ended_) return numbers_;
    }
  }

 private:
  template <class Response>
  void note(const Response& response, T_ASC_PresentationContextID context) {
    if (response.DataSetType != DIMSE_DATASET_NULL) receive_attributes(association_, context, kAnswer);
    const std::uint16_t status = response.DimseStatus;
    const SubOperations said = numbers_of(response);
    if (said.completed + said.failed + said.warned + said.remaining > 0) numbers_ = said;
    watch_(numbers_);
    if (DICOM_PENDING_STATUS(status)) return;
    ended_ = true;
    // Some failed: how many is in the numbers.
    if (status != kSuccess && !is_warning(status) && numbers_.failed == 0)
      refused(status, "does not give the study");
  }

  void take(T_DIMSE_C_StoreRQ& request, T_ASC_PresentationContextID context, const StoreHandler& store,
            std::uint64_t largest) {
    Outcome outcome{traits(ErrorCode::too_large).dicom_status, "The instance is larger than this node takes"};
    auto file =
        receive_bytes(association_, context, largest, kAnswer,
                      archive::make_part10({}, request.AffectedSOPClassUID, request.AffectedSOPInstanceUID,
                                           transfer_syntax_of(association_, context)));
    if (file) outcome = stored(store, std::move(*file));
    T_DIMSE_C_StoreRSP response{};
    response.DimseStatus = outcome.status;
    response.DataSetType = DIMSE_DATASET_NULL;
    const auto detail = status_detail(outcome);
    check(DIMSE_sendStoreResponse(association_, context, &request, &response, detail.get()));
  }

  static Outcome stored(const StoreHandler& store, std::string file) {
    try {
      return {store(std::move(file), {}), {}};
    } catch (const Error& error) {
      return outcome_of(error);
    }
  }

  T_ASC_Association* association_;
  const RetrieveWatcher& watch_;
  SubOperations numbers_;
  bool ended_ = false;
};

// What DCMTK's requests of C-FIND, C-GET and C-MOVE have in common but in name.
template <class Request>
void fill(Request& request, const UserAssociation& association, const char* model) {
  request.MessageID = association.get()->nextMsgID++;
  std::strcpy(request.AffectedSOPClassUID, model);
  request.Priority = DIMSE_PRIORITY_MEDIUM;
  request.DataSetType = DIMSE_DATASET_PRESENT;
}

}  // namespace

std::vector<PeerStudy> find_studies(const DimsePeer& peer, const StudyFilter& filter) {
  constexpr const char* kModel = UID_FINDStudyRootQueryRetrieveInformationModel;
  const UserAssociation association(peer, {{kModel, native_syntaxes()}});
  T_ASC_PresentationContextID context = context_of(association, kModel);
  T_DIMSE_Message message{};
  message.CommandField = DIMSE_C_FIND_RQ;
  fill(message.msg.CFindRQ, association, kModel);
  DcmDataset identifier = find_identifier(filter);
  check(DIMSE_sendMessageUsingMemoryData(association.get(), context, &message, nullptr, &identifier, nullptr,
                                         nullptr));
  std::vector<PeerStudy> found;
  while (true) {
    DcmDataset* detail = nullptr;
    T_DIMSE_Message answer{};
    const OFCondition received = DIMSE_receiveCommand(
        association.get(), DIMSE_NONBLOCKING, static_cast<int>(kAnswer.count()), &context, &answer, &detail);
    delete detail;
    check(received);
    if (answer.CommandField != DIMSE_C_FIND_RSP)
      throw Error(ErrorCode::unavailable, "The DICOM peer sent something else than what it was asked");
    const T_DIMSE_C_FindRSP& response = answer.msg.CFindRSP;
    if (response.DataSetType != DIMSE_DATASET_NULL)
      found.push_back(read_study(receive_attributes(association.get(), context, kAnswer)));
    if (found.size() > kMostStudies)
      throw Error(ErrorCode::too_large, fmt::format("More than {} studies match", kMostStudies), {},
                  "Ask for a patient or a range of dates");
    if (response.DimseStatus == kSuccess) return found;
    if (!DICOM_PENDING_STATUS(response.DimseStatus))
      refused(response.DimseStatus, "does not answer the query");
  }
}

SubOperations get_study(const DimsePeer& peer, const std::string& study, const StoreHandler& store,
                        std::uint64_t largest_instance, const RetrieveWatcher& watch) {
  constexpr const char* kModel = UID_GETStudyRootQueryRetrieveInformationModel;
  std::vector<ProposedContext> contexts = storage_contexts();
  contexts.push_back({kModel, native_syntaxes()});
  const UserAssociation association(peer, contexts);
  T_DIMSE_Message message{};
  message.CommandField = DIMSE_C_GET_RQ;
  fill(message.msg.CGetRQ, association, kModel);
  Retrieve retrieve(association, watch);
  retrieve.request(message, context_of(association, kModel), study);
  return retrieve.run(store, largest_instance);
}

SubOperations move_study(const DimsePeer& peer, const std::string& study, const std::string& destination,
                         const RetrieveWatcher& watch) {
  constexpr const char* kModel = UID_MOVEStudyRootQueryRetrieveInformationModel;
  const UserAssociation association(peer, {{kModel, native_syntaxes()}});
  T_DIMSE_Message message{};
  message.CommandField = DIMSE_C_MOVE_RQ;
  T_DIMSE_C_MoveRQ& request = message.msg.CMoveRQ;
  fill(request, association, kModel);
  std::strncpy(request.MoveDestination, destination.c_str(), sizeof request.MoveDestination - 1);
  Retrieve retrieve(association, watch);
  retrieve.request(message, context_of(association, kModel), study);
  return retrieve.run({}, 0);
}

}  // namespace meridian::doors::dimse
