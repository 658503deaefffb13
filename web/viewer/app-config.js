// OHIF's configuration as a node serves it below /viewer: this node's DICOMweb, nothing outside it, signed in
// with the console's session.
"use strict";

window.PUBLIC_URL = "/viewer/";
// By this name OHIF imports modules that its bundle does not hold.
window.browserImportFunction = (address) => import(address);

// The language chosen in the console.
localStorage.setItem("i18nextLng", localStorage.getItem("meridian.language") === "zh" ? "zh" : "en-US");

// Who is not signed in goes to the console and signs in there. What changes something bears the session's
// token against forgery, which OHIF does not know of.
const session = fetch("/auth/me").then(async (answer) => {
  if (!answer.ok) {
    window.location.assign("/");
    throw new Error("Not signed in");
  }
  return answer.json();
});
const sendRequest = XMLHttpRequest.prototype.send;
const openRequest = XMLHttpRequest.prototype.open;
XMLHttpRequest.prototype.open = function (method, address, ...rest) {
  this.changes = !["GET", "HEAD", "OPTIONS"].includes(method.toUpperCase());
  return openRequest.call(this, method, address, ...rest);
};
XMLHttpRequest.prototype.send = function (body) {
  if (!this.changes) return sendRequest.call(this, body);
  session.then(
    ({ csrf }) => {
      this.setRequestHeader("X-CSRF-Token", csrf);
      sendRequest.call(this, body);
    },
    () => this.dispatchEvent(new ProgressEvent("error")),
  );
};

const root = `${window.location.origin}/dicomweb`;

window.config = {
  name: "meridian",
  routerBasename: "/viewer",
  extensions: [],
  modes: [],
  customizationService: [{ "ohif.tours": { $set: [] } }],
  whiteLabeling: {
    createLogoComponentFn: (React) =>
      React.createElement("a", { href: "/", style: { color: "white", fontSize: "18px" } }, "Meridian"),
  },
  showPatientInfo: "visibleReadOnly",
  showStudyList: false, // a study is opened from its case
  maxNumberOfWebWorkers: 2,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: false,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  investigationalUseDialog: { option: "never" },
  maxNumRequests: { interaction: 20, thumbnail: 5, prefetch: 10 },
  showErrorDetails: "production",
  defaultDataSourceName: "meridian",
  dataSources: [
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "meridian",
      configuration: {
        friendlyName: "Meridian",
        name: "meridian",
        qidoRoot: root,
        wadoRoot: root,
        wadoUriRoot: root,
        qidoSupportsIncludeField: true,
        supportsFuzzyMatching: true,
        supportsWildcard: true,
        imageRendering: "wadors",
        thumbnailRendering: "thumbnailDirect",
        enableStudyLazyLoad: true,
        supportsReject: false,
        dicomUploadEnabled: false,
        omitQuotationForMultipartRequest: false,
        bulkDataURI: { enabled: true },
      },
    },
  ],
};
