import { LogoutOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router-dom";
import type { User } from "@/api/types";
import { useSession } from "@/state/session";
import styles from "./account-menu.module.css";

/** Who is signed in, in which role, and the way out. */
export function AccountMenu({ user }: { user: User }) {
  const { t } = useTranslation();
  const { leave } = useSession();
  const navigate = useNavigate();
  const signOut = async () => {
    await leave();
    navigate("/");
  };
  return (
    <div className={styles.account}>
      <span className={styles.name} title={t(`role.${user.role}`)}>
        {user.display}
      </span>
      <Button
        type="text"
        icon={<LogoutOutlined aria-hidden />}
        aria-label={t("action.signOut")}
        title={t("action.signOut")}
        onClick={() => void signOut()}
      />
    </div>
  );
}
