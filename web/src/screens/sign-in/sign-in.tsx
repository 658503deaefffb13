import { Alert, Button, Input } from "antd";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/http";
import { Field } from "@/components/field";
import { LanguageSwitch } from "@/shell/language-switch";
import { useSession } from "@/state/session";
import styles from "./sign-in.module.css";

export function SignIn() {
  const { t } = useTranslation();
  const { enter, ended } = useSession();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      await enter(username.trim(), password);
    } catch (error) {
      setFailure(error instanceof ApiError ? error : new ApiError(0, ""));
      setBusy(false);
    }
  };

  return (
    <main className={styles.screen}>
      <div className={styles.sheet}>
        <div className={styles.head}>
          <h1>Meridian</h1>
          <LanguageSwitch />
        </div>
        <p className={styles.purpose}>{t("signIn.purpose")}</p>
        {ended && <Alert role="status" type="info" showIcon message={t("signIn.ended")} />}
        <form onSubmit={submit} className={styles.form}>
          <Field label={t("signIn.username")}>
            {(id) => (
              <Input
                id={id}
                size="large"
                autoFocus
                autoComplete="username"
                value={username}
                onChange={(event) => setUsername(event.target.value)}
              />
            )}
          </Field>
          <Field label={t("signIn.password")}>
            {(id) => (
              <Input.Password
                id={id}
                size="large"
                autoComplete="current-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
          {failure && <Alert role="alert" type="error" showIcon message={reason(failure, t)} />}
          <Button
            type="primary"
            htmlType="submit"
            size="large"
            block
            loading={busy}
            disabled={!username.trim() || !password}
          >
            {t("signIn.enter")}
          </Button>
        </form>
      </div>
    </main>
  );
}

function reason(failure: ApiError, t: ReturnType<typeof useTranslation>["t"]): string {
  if (failure.offline) return t("failure.offline");
  if (failure.status === 401) return t("signIn.wrong");
  if (failure.status === 429) return t("signIn.locked");
  return failure.what || t("failure.status", { status: failure.status });
}
