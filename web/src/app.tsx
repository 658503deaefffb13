import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { HashRouter, Navigate, Route, Routes } from "react-router-dom";
import { Failure } from "./components/failure";
import { SkeletonRows } from "./components/skeleton-rows";
import { useLanguage } from "./locales/use-language";
import { SignIn } from "./screens/sign-in/sign-in";
import { startPlace } from "./shell/places";
import { Shell } from "./shell/shell";
import { useSession } from "./state/session";
import { antdTheme } from "./theme/antd-theme";

const Worklist = lazy(() => import("./screens/worklist/worklist"));
const ClinicHome = lazy(() => import("./screens/home/clinic-home"));
const NewPatient = lazy(() => import("./screens/patient/new-patient"));
const NewCase = lazy(() => import("./screens/new-case/new-case"));
const CaseScreen = lazy(() => import("./screens/case/case-screen"));
const Assistants = lazy(() => import("./screens/assistants/assistants"));
const AssistantCard = lazy(() => import("./screens/assistants/assistant-card"));
const Jobs = lazy(() => import("./screens/jobs/jobs"));
const Ledger = lazy(() => import("./screens/ledger/ledger"));
const Messages = lazy(() => import("./screens/messages/messages"));
const OwnRecord = lazy(() => import("./screens/resident/own-record"));

// Ant Design would set a space between the two characters of a short Chinese label.
const plainButtons = { autoInsertSpace: false };

function Screens() {
  const { t } = useTranslation();
  const { user, error, retry } = useSession();
  if (user === undefined) {
    return error ? (
      <Failure act={t("failure.node")} error={error} retry={retry} />
    ) : (
      <SkeletonRows what={t("failure.node")} />
    );
  }
  if (user === null) return <SignIn />;
  return (
    <Shell user={user}>
      <Suspense fallback={<SkeletonRows what={t("loadingScreen")} rows={8} />}>
        <Routes>
          <Route path="/worklist" element={<Worklist />} />
          <Route path="/home" element={<ClinicHome />} />
          <Route path="/patient/new" element={<NewPatient />} />
          <Route path="/case/new" element={<NewCase />} />
          <Route path="/case/:id" element={<CaseScreen />} />
          <Route path="/assistants" element={<Assistants />} />
          <Route path="/assistants/:id" element={<AssistantCard />} />
          <Route path="/jobs" element={<Jobs />} />
          <Route path="/ledger" element={<Ledger />} />
          <Route path="/messages" element={<Messages />} />
          <Route path="/me" element={<OwnRecord />} />
          <Route path="*" element={<Navigate to={startPlace[user.role]} replace />} />
        </Routes>
      </Suspense>
    </Shell>
  );
}

export function App() {
  const { language } = useLanguage();
  return (
    <ConfigProvider
      theme={antdTheme}
      locale={language === "zh" ? zhCN : enUS}
      componentSize="middle"
      button={plainButtons}
    >
      <HashRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
        <Screens />
      </HashRouter>
    </ConfigProvider>
  );
}
