// The words of the audit for the codes of the API.
import { t } from "../i18n.js";

const ACTION = {
  sign_in: () => t("Signed in"),
  sign_in_failed: () => t("Sign-in failed"),
  sign_out: () => t("Signed out"),
  locked: () => t("Account locked"),
  unlocked: () => t("Account unlocked"),
  password_changed: () => t("Password changed"),
  password_reset: () => t("Password reset"),
  second_factor_set: () => t("Second factor set up"),
  second_factor_removed: () => t("Second factor removed"),
  second_factor_failed: () => t("Second factor failed"),
  session_revoked: () => t("Session ended"),
  account_made: () => t("Account made"),
  account_changed: () => t("Account changed"),
  account_ended: () => t("Account ended"),
  grant_given: () => t("Office granted"),
  grant_ended: () => t("Office ended"),
  personal_read: () => t("Personal data read"),
  unmask: () => t("Personal data unmasked"),
  photo_read: () => t("Photo looked at"),
  export: () => t("Exported"),
  export_asked: () => t("Export asked for"),
  export_approved: () => t("Export approved"),
  export_refused: () => t("Export refused"),
  import: () => t("Imported"),
  setting_changed: () => t("Settings changed"),
  keys_rotated: () => t("Keys rotated"),
  person_found: () => t("Person looked up"),
  person_exported: () => t("Person's data exported"),
  person_corrected: () => t("Person's data corrected"),
  person_deleted: () => t("Person's data deleted"),
  element_changed: () => t("Element of a cell changed"),
  retention: () => t("Deleted as past its days"),
  backup: () => t("Backed up"),
  restore: () => t("Restored from a backup"),
  audit_read: () => t("Audit read"),
  audit_exported: () => t("Audit exported"),
  audit_dropped: () => t("Old months dropped"),
};

export const WARNING = new Set(["sign_in_failed", "locked", "second_factor_failed", "export_refused"]);

export function actionName(code) {
  return ACTION[code]?.() ?? code;
}
