import { LogoutOutlined, UserOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router-dom";
import type { User } from "@/api/types";
import { useSession } from "@/state/session";
import styles from "./account-menu.module.css";

export function AccountMenu({ user }: { user: User }) {
  const { t } = useTranslation();
  const { leave } = useSession();
  const navigate = useNavigate();
  const signOut = async () => {
    await leave();
    navigate("/");
  };
  const items = [
    { key: "who", disabled: true, label: `${t(`role.${user.role}`)} · ${user.organizationName}` },
    { key: "out", icon: <LogoutOutlined aria-hidden />, label: t("action.signOut"), onClick: signOut },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button type="text" icon={<UserOutlined aria-hidden />} aria-label={t("shell.account", { name: user.display })}>
        <span className={styles.name}>{user.display}</span>
      </Button>
    </Dropdown>
  );
}
