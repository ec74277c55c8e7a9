"""The schema, in one place for whoever needs all of it (migrations) and by noun for everyone else."""

from data.models.accounts import (
    Account,
    AccountGrant,
    AccountPassword,
    AccountRecovery,
    AccountSession,
    RequestCount,
    SignInCount,
)
from data.models.audit import AuditLine, AuditSeal
from data.models.base import SRID, Base
from data.models.cases import CaseEvent, CaseFile, CaseWhereabouts, Category, DispatchRun, GroundRevision, Incident
from data.models.clock import CalendarDay
from data.models.desk import (
    BulkMove,
    CasePhoto,
    Exclusion,
    Notice,
    NoticeAddress,
    NoticeCursor,
    Rating,
    SavedView,
    Score,
    ScoreRun,
)
from data.models.ground import Area, Cell, CellCode, Facility, FacilityServes, Landmark, Residence, Unit
from data.models.handling import Agency, CaseFollower, CaseHelper, HandlingRule, Whistle, WhistleCall
from data.models.network import ImportRun, ServiceArea, ServiceBuild, ServiceCoverage, StreetEdge, StreetNode
from data.models.patrol import CheckIn, Duty, DutyTrack, Element, StreetWalked, VisitPlace
from data.models.people import Assignment, Leave, Worker
from data.models.privacy import PersonalExport, ReporterContact, RetentionLog, RetentionRule
from data.models.rules import DuplicateRule, IntakeRule, MoveKey, ReadyReason
from data.models.standards import CheckRun, Finding, Parameter, Standard, StandardLimit
from data.models.uploads import Upload

__all__ = [
    "SRID",
    "Account",
    "AccountGrant",
    "AccountPassword",
    "AccountRecovery",
    "AccountSession",
    "Agency",
    "Area",
    "Assignment",
    "AuditLine",
    "AuditSeal",
    "Base",
    "BulkMove",
    "CalendarDay",
    "CaseEvent",
    "CaseFile",
    "CaseFollower",
    "CaseHelper",
    "CasePhoto",
    "CaseWhereabouts",
    "Category",
    "Cell",
    "CellCode",
    "CheckIn",
    "CheckRun",
    "DispatchRun",
    "DuplicateRule",
    "Duty",
    "DutyTrack",
    "Element",
    "Exclusion",
    "Facility",
    "FacilityServes",
    "Finding",
    "GroundRevision",
    "HandlingRule",
    "ImportRun",
    "Incident",
    "IntakeRule",
    "Landmark",
    "Leave",
    "MoveKey",
    "Notice",
    "NoticeAddress",
    "NoticeCursor",
    "Parameter",
    "PersonalExport",
    "Rating",
    "ReadyReason",
    "ReporterContact",
    "RequestCount",
    "Residence",
    "RetentionLog",
    "RetentionRule",
    "SavedView",
    "Score",
    "ScoreRun",
    "ServiceArea",
    "ServiceBuild",
    "ServiceCoverage",
    "SignInCount",
    "Standard",
    "StandardLimit",
    "StreetEdge",
    "StreetNode",
    "StreetWalked",
    "Unit",
    "Upload",
    "VisitPlace",
    "Whistle",
    "WhistleCall",
    "Worker",
]
