using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PerceptionStudy.Server.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AspNetRoles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    NormalizedName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    ConcurrencyStamp = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetRoles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUsers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    IsAdministrator = table.Column<bool>(type: "boolean", nullable: false),
                    DeactivatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    PasswordChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    UserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    NormalizedUserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    Email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    NormalizedEmail = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    EmailConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    PasswordHash = table.Column<string>(type: "text", nullable: true),
                    SecurityStamp = table.Column<string>(type: "text", nullable: true),
                    ConcurrencyStamp = table.Column<string>(type: "text", nullable: true),
                    PhoneNumber = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    PhoneNumberConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    TwoFactorEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    LockoutEnd = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LockoutEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    AccessFailedCount = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUsers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AuditEntries",
                columns: table => new
                {
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ResearcherId = table.Column<Guid>(type: "uuid", nullable: true),
                    Who = table.Column<string>(type: "text", nullable: false),
                    Token = table.Column<string>(type: "text", nullable: true),
                    Entity = table.Column<string>(type: "text", nullable: false),
                    EntityId = table.Column<string>(type: "text", nullable: false),
                    EntityName = table.Column<string>(type: "text", nullable: true),
                    StudyId = table.Column<Guid>(type: "uuid", nullable: true),
                    Change = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    BeforeJson = table.Column<string>(type: "text", nullable: true),
                    AfterJson = table.Column<string>(type: "text", nullable: true),
                    PreviousSha256 = table.Column<string>(type: "text", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditEntries", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "ImportedStudies",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    Files = table.Column<int>(type: "integer", nullable: false),
                    Rows = table.Column<long>(type: "bigint", nullable: false),
                    ImportedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImportedStudies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Invitations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TokenSha256 = table.Column<string>(type: "text", nullable: false),
                    ForFirstResearcher = table.Column<bool>(type: "boolean", nullable: false),
                    ForAdministrator = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Invitations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Models",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    FamilyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    FileName = table.Column<string>(type: "text", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    FileMissing = table.Column<bool>(type: "boolean", nullable: false),
                    Bytes = table.Column<long>(type: "bigint", nullable: false),
                    Opset = table.Column<int>(type: "integer", nullable: false),
                    InputName = table.Column<string>(type: "text", nullable: false),
                    InputShape = table.Column<string>(type: "text", nullable: false),
                    Outputs = table.Column<long>(type: "bigint", nullable: false),
                    PipelineJson = table.Column<string>(type: "text", nullable: false),
                    PipelineReasons = table.Column<string>(type: "text", nullable: false),
                    RegisteredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Models", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "StimulusSets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Medium = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Licence = table.Column<string>(type: "text", nullable: true),
                    Source = table.Column<string>(type: "text", nullable: true),
                    SidePixels = table.Column<int>(type: "integer", nullable: true),
                    SoundForm_RateHz = table.Column<int>(type: "integer", nullable: true),
                    SoundForm_Seconds = table.Column<double>(type: "double precision", nullable: true),
                    SoundForm_Rms = table.Column<double>(type: "double precision", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StimulusSets", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Studies",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    LinkKey = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    DraftJson = table.Column<string>(type: "text", nullable: false),
                    DraftRevision = table.Column<int>(type: "integer", nullable: false),
                    Places = table.Column<int>(type: "integer", nullable: true),
                    ListedOnHomePage = table.Column<bool>(type: "boolean", nullable: false),
                    Opened = table.Column<long>(type: "bigint", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Studies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Workers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Provider = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Cage = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Concurrency = table.Column<int>(type: "integer", nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    HeartbeatAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Stopping = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Workers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AspNetRoleClaims",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    RoleId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClaimType = table.Column<string>(type: "text", nullable: true),
                    ClaimValue = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetRoleClaims", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AspNetRoleClaims_AspNetRoles_RoleId",
                        column: x => x.RoleId,
                        principalTable: "AspNetRoles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ApiTokens",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ResearcherId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    TokenSha256 = table.Column<string>(type: "text", nullable: false),
                    Scopes = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LastUsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiTokens", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ApiTokens_AspNetUsers_ResearcherId",
                        column: x => x.ResearcherId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserClaims",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClaimType = table.Column<string>(type: "text", nullable: true),
                    ClaimValue = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserClaims", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AspNetUserClaims_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserLogins",
                columns: table => new
                {
                    LoginProvider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    ProviderKey = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    ProviderDisplayName = table.Column<string>(type: "text", nullable: true),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserLogins", x => new { x.LoginProvider, x.ProviderKey });
                    table.ForeignKey(
                        name: "FK_AspNetUserLogins_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserPasskeys",
                columns: table => new
                {
                    CredentialId = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    Data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserPasskeys", x => x.CredentialId);
                    table.ForeignKey(
                        name: "FK_AspNetUserPasskeys_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserRoles",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    RoleId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserRoles", x => new { x.UserId, x.RoleId });
                    table.ForeignKey(
                        name: "FK_AspNetUserRoles_AspNetRoles_RoleId",
                        column: x => x.RoleId,
                        principalTable: "AspNetRoles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_AspNetUserRoles_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserTokens",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    LoginProvider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    Name = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    Value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserTokens", x => new { x.UserId, x.LoginProvider, x.Name });
                    table.ForeignKey(
                        name: "FK_AspNetUserTokens_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SignedInBrowsers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ResearcherId = table.Column<Guid>(type: "uuid", nullable: false),
                    SignedInAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastSeenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UserAgent = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SignedInBrowsers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SignedInBrowsers_AspNetUsers_ResearcherId",
                        column: x => x.ResearcherId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Stages",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ModelId = table.Column<Guid>(type: "uuid", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Tensor = table.Column<string>(type: "text", nullable: false),
                    OpType = table.Column<string>(type: "text", nullable: false),
                    Shape = table.Column<string>(type: "text", nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Differentiable = table.Column<bool>(type: "boolean", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    Proposed = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Stages", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Stages_Models_ModelId",
                        column: x => x.ModelId,
                        principalTable: "Models",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Campaigns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    NaturalSetId = table.Column<Guid>(type: "uuid", nullable: false),
                    PoolSetId = table.Column<Guid>(type: "uuid", nullable: false),
                    MetamerSetId = table.Column<Guid>(type: "uuid", nullable: true),
                    Preset = table.Column<string>(type: "text", nullable: false),
                    Steps = table.Column<int>(type: "integer", nullable: true),
                    Seed = table.Column<int>(type: "integer", nullable: false),
                    Seeds = table.Column<int>(type: "integer", nullable: false),
                    Hold = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Priority = table.Column<int>(type: "integer", nullable: false),
                    NullPairs = table.Column<int>(type: "integer", nullable: false),
                    NullAugmentation = table.Column<string>(type: "text", nullable: false),
                    NeedsGpu = table.Column<bool>(type: "boolean", nullable: false),
                    Rms = table.Column<double>(type: "double precision", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Campaigns", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Campaigns_StimulusSets_MetamerSetId",
                        column: x => x.MetamerSetId,
                        principalTable: "StimulusSets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Campaigns_StimulusSets_NaturalSetId",
                        column: x => x.NaturalSetId,
                        principalTable: "StimulusSets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Campaigns_StimulusSets_PoolSetId",
                        column: x => x.PoolSetId,
                        principalTable: "StimulusSets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ModelAccuracies",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ModelId = table.Column<Guid>(type: "uuid", nullable: false),
                    SetId = table.Column<Guid>(type: "uuid", nullable: false),
                    AskedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Failure = table.Column<string>(type: "text", nullable: true),
                    Unknown = table.Column<int>(type: "integer", nullable: false),
                    ConfusionJson = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ModelAccuracies", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ModelAccuracies_Models_ModelId",
                        column: x => x.ModelId,
                        principalTable: "Models",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_ModelAccuracies_StimulusSets_SetId",
                        column: x => x.SetId,
                        principalTable: "StimulusSets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Stimuli",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SetId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Category = table.Column<string>(type: "text", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    MediaType = table.Column<string>(type: "text", nullable: false),
                    Width = table.Column<int>(type: "integer", nullable: false),
                    Height = table.Column<int>(type: "integer", nullable: false),
                    Sound_RateHz = table.Column<int>(type: "integer", nullable: true),
                    Sound_Samples = table.Column<int>(type: "integer", nullable: true),
                    Sound_RmsLevel = table.Column<double>(type: "double precision", nullable: true),
                    Sound_PeakLevel = table.Column<double>(type: "double precision", nullable: true),
                    Sound_LoudnessLufs = table.Column<double>(type: "double precision", nullable: true),
                    Sound_Note = table.Column<string>(type: "text", nullable: true),
                    Licence = table.Column<string>(type: "text", nullable: true),
                    Source = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Stimuli", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Stimuli_StimulusSets_SetId",
                        column: x => x.SetId,
                        principalTable: "StimulusSets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "PersonalLinks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    StudyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Code = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Note = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonalLinks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_PersonalLinks_Studies_StudyId",
                        column: x => x.StudyId,
                        principalTable: "Studies",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ResultLooks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    StudyId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Participants = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ResultLooks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ResultLooks_Studies_StudyId",
                        column: x => x.StudyId,
                        principalTable: "Studies",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "StudyMembers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    StudyId = table.Column<Guid>(type: "uuid", nullable: false),
                    ResearcherId = table.Column<Guid>(type: "uuid", nullable: true),
                    InvitationId = table.Column<Guid>(type: "uuid", nullable: true),
                    Role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StudyMembers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_StudyMembers_AspNetUsers_ResearcherId",
                        column: x => x.ResearcherId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_StudyMembers_Invitations_InvitationId",
                        column: x => x.InvitationId,
                        principalTable: "Invitations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_StudyMembers_Studies_StudyId",
                        column: x => x.StudyId,
                        principalTable: "Studies",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "StudyVersions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    StudyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    DesignJson = table.Column<string>(type: "text", nullable: false),
                    DesignSha256 = table.Column<string>(type: "text", nullable: false),
                    FreezeJson = table.Column<string>(type: "text", nullable: false),
                    FreezeSha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Seed = table.Column<int>(type: "integer", nullable: false),
                    PublishedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StudyVersions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_StudyVersions_Studies_StudyId",
                        column: x => x.StudyId,
                        principalTable: "Studies",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "StageNulls",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ModelId = table.Column<Guid>(type: "uuid", nullable: false),
                    StageId = table.Column<Guid>(type: "uuid", nullable: false),
                    PoolSetId = table.Column<Guid>(type: "uuid", nullable: false),
                    PoolSha256 = table.Column<string>(type: "text", nullable: false),
                    Augmentation = table.Column<string>(type: "text", nullable: false),
                    Pairs = table.Column<int>(type: "integer", nullable: false),
                    MaxSpearman = table.Column<double>(type: "double precision", nullable: false),
                    MaxPearson = table.Column<double>(type: "double precision", nullable: false),
                    MaxPaperSnrDb = table.Column<double>(type: "double precision", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StageNulls", x => x.Id);
                    table.ForeignKey(
                        name: "FK_StageNulls_Models_ModelId",
                        column: x => x.ModelId,
                        principalTable: "Models",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_StageNulls_Stages_StageId",
                        column: x => x.StageId,
                        principalTable: "Stages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_StageNulls_StimulusSets_PoolSetId",
                        column: x => x.PoolSetId,
                        principalTable: "StimulusSets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Metamers",
                columns: table => new
                {
                    StimulusId = table.Column<Guid>(type: "uuid", nullable: false),
                    NaturalStimulusId = table.Column<Guid>(type: "uuid", nullable: false),
                    ModelId = table.Column<Guid>(type: "uuid", nullable: false),
                    StageId = table.Column<Guid>(type: "uuid", nullable: false),
                    LossLevel = table.Column<double>(type: "double precision", nullable: false),
                    Preset = table.Column<string>(type: "text", nullable: false),
                    Seed = table.Column<int>(type: "integer", nullable: false),
                    GradientEvaluations = table.Column<int>(type: "integer", nullable: false),
                    Loss = table.Column<double>(type: "double precision", nullable: false),
                    LossOfSavedFile = table.Column<double>(type: "double precision", nullable: false),
                    Spearman = table.Column<double>(type: "double precision", nullable: false),
                    Pearson = table.Column<double>(type: "double precision", nullable: false),
                    SnrDb = table.Column<double>(type: "double precision", nullable: false),
                    PaperSnrDb = table.Column<double>(type: "double precision", nullable: false),
                    NaturalClass = table.Column<string>(type: "text", nullable: false),
                    MetamerClass = table.Column<string>(type: "text", nullable: false),
                    MeetsCriteria = table.Column<bool>(type: "boolean", nullable: false),
                    Reasons = table.Column<string>(type: "text", nullable: false),
                    RejectedBecause = table.Column<string>(type: "text", nullable: true),
                    ManifestJson = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Metamers", x => x.StimulusId);
                    table.ForeignKey(
                        name: "FK_Metamers_Models_ModelId",
                        column: x => x.ModelId,
                        principalTable: "Models",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Metamers_Stages_StageId",
                        column: x => x.StageId,
                        principalTable: "Stages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Metamers_Stimuli_NaturalStimulusId",
                        column: x => x.NaturalStimulusId,
                        principalTable: "Stimuli",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Metamers_Stimuli_StimulusId",
                        column: x => x.StimulusId,
                        principalTable: "Stimuli",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ModelAnswers",
                columns: table => new
                {
                    ModelId = table.Column<Guid>(type: "uuid", nullable: false),
                    StimulusId = table.Column<Guid>(type: "uuid", nullable: false),
                    Category = table.Column<string>(type: "text", nullable: false),
                    ClassIndex = table.Column<int>(type: "integer", nullable: false),
                    ScoresJson = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ModelAnswers", x => new { x.ModelId, x.StimulusId });
                    table.ForeignKey(
                        name: "FK_ModelAnswers_Models_ModelId",
                        column: x => x.ModelId,
                        principalTable: "Models",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_ModelAnswers_Stimuli_StimulusId",
                        column: x => x.StimulusId,
                        principalTable: "Stimuli",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SynthesisJobs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CampaignId = table.Column<Guid>(type: "uuid", nullable: false),
                    ModelId = table.Column<Guid>(type: "uuid", nullable: false),
                    StageId = table.Column<Guid>(type: "uuid", nullable: false),
                    LossLevel = table.Column<double>(type: "double precision", nullable: false),
                    NaturalStimulusId = table.Column<Guid>(type: "uuid", nullable: false),
                    Seed = table.Column<int>(type: "integer", nullable: false),
                    IsPilot = table.Column<bool>(type: "boolean", nullable: false),
                    RequestedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    State = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    RunId = table.Column<Guid>(type: "uuid", nullable: true),
                    HeartbeatAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    NeededAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    WorkerId = table.Column<Guid>(type: "uuid", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    NotBefore = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CheckpointSha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    CheckpointProvider = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    StepsDone = table.Column<int>(type: "integer", nullable: false),
                    StepsTotal = table.Column<int>(type: "integer", nullable: false),
                    Loss = table.Column<double>(type: "double precision", nullable: true),
                    LossCurveJson = table.Column<string>(type: "text", nullable: false),
                    Failure = table.Column<string>(type: "text", nullable: true),
                    FailureLog = table.Column<string>(type: "text", nullable: true),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Seconds = table.Column<double>(type: "double precision", nullable: true),
                    Bytes = table.Column<long>(type: "bigint", nullable: true),
                    MetamerStimulusId = table.Column<Guid>(type: "uuid", nullable: true),
                    LookSha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SynthesisJobs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SynthesisJobs_Campaigns_CampaignId",
                        column: x => x.CampaignId,
                        principalTable: "Campaigns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_SynthesisJobs_Models_ModelId",
                        column: x => x.ModelId,
                        principalTable: "Models",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_SynthesisJobs_Stages_StageId",
                        column: x => x.StageId,
                        principalTable: "Stages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_SynthesisJobs_Stimuli_MetamerStimulusId",
                        column: x => x.MetamerStimulusId,
                        principalTable: "Stimuli",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "FK_SynthesisJobs_Stimuli_NaturalStimulusId",
                        column: x => x.NaturalStimulusId,
                        principalTable: "Stimuli",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "CellTallies",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    StudyVersionId = table.Column<Guid>(type: "uuid", nullable: false),
                    NaturalStimulusId = table.Column<Guid>(type: "uuid", nullable: false),
                    ModelId = table.Column<Guid>(type: "uuid", nullable: true),
                    StageId = table.Column<Guid>(type: "uuid", nullable: true),
                    LossLevel = table.Column<double>(type: "double precision", nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CellTallies", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CellTallies_StudyVersions_StudyVersionId",
                        column: x => x.StudyVersionId,
                        principalTable: "StudyVersions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Sessions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    StudyVersionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    ObserverType = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    State = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    TokenSha256 = table.Column<string>(type: "text", nullable: false),
                    Seed = table.Column<int>(type: "integer", nullable: false),
                    ConsentSha256 = table.Column<string>(type: "text", nullable: false),
                    StartedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastSeenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    CompletedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    CompletionCode = table.Column<string>(type: "text", nullable: true),
                    WithdrawCode = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Resumptions = table.Column<int>(type: "integer", nullable: false),
                    UserAgent = table.Column<string>(type: "text", nullable: true),
                    PlaceGivenBack = table.Column<bool>(type: "boolean", nullable: true),
                    CellsTallied = table.Column<bool>(type: "boolean", nullable: false),
                    TallyIsDue = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "(\"State\" IN ('Active', 'Completed') AND NOT COALESCE(\"PlaceGivenBack\", FALSE)) <> \"CellsTallied\" ", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Sessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Sessions_StudyVersions_StudyVersionId",
                        column: x => x.StudyVersionId,
                        principalTable: "StudyVersions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MetamerVerdicts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    StimulusId = table.Column<Guid>(type: "uuid", nullable: false),
                    DecidedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    DecidedBy = table.Column<string>(type: "text", nullable: false),
                    RejectedBecause = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MetamerVerdicts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_MetamerVerdicts_Metamers_StimulusId",
                        column: x => x.StimulusId,
                        principalTable: "Metamers",
                        principalColumn: "StimulusId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Recruits",
                columns: table => new
                {
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    StudyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Recruiter = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    IdSha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Repeat = table.Column<int>(type: "integer", nullable: false),
                    ParticipantId = table.Column<string>(type: "text", nullable: true),
                    SubmissionId = table.Column<string>(type: "text", nullable: true),
                    ProjectId = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Recruits", x => x.SessionId);
                    table.ForeignKey(
                        name: "FK_Recruits_Sessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "Sessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Recruits_Studies_StudyId",
                        column: x => x.StudyId,
                        principalTable: "Studies",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SessionDigests",
                columns: table => new
                {
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Format = table.Column<int>(type: "integer", nullable: false),
                    Trials = table.Column<byte[]>(type: "bytea", nullable: false),
                    ExcludedBecause = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    BadTrials = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionDigests", x => x.SessionId);
                    table.ForeignKey(
                        name: "FK_SessionDigests_Sessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "Sessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SessionEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Kind = table.Column<string>(type: "character varying(24)", maxLength: 24, nullable: false),
                    Detail = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionEvents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SessionEvents_Sessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "Sessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SessionHeadphones",
                columns: table => new
                {
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Quietest = table.Column<int[]>(type: "integer[]", nullable: false),
                    Correct = table.Column<int>(type: "integer", nullable: false),
                    Passed = table.Column<bool>(type: "boolean", nullable: false),
                    ReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionHeadphones", x => x.SessionId);
                    table.ForeignKey(
                        name: "FK_SessionHeadphones_Sessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "Sessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SessionQuestionnaires",
                columns: table => new
                {
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    AgeYears = table.Column<int>(type: "integer", nullable: true),
                    Sex = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    Vision = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    Comments = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    ReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SessionQuestionnaires", x => x.SessionId);
                    table.ForeignKey(
                        name: "FK_SessionQuestionnaires_Sessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "Sessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Trials",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SessionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    Phase = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    IsCatch = table.Column<bool>(type: "boolean", nullable: false),
                    IsScored = table.Column<bool>(type: "boolean", nullable: false),
                    StimulusId = table.Column<Guid>(type: "uuid", nullable: true),
                    NaturalStimulusId = table.Column<Guid>(type: "uuid", nullable: true),
                    ModelId = table.Column<Guid>(type: "uuid", nullable: true),
                    StageId = table.Column<Guid>(type: "uuid", nullable: true),
                    LossLevel = table.Column<double>(type: "double precision", nullable: false),
                    Swapped = table.Column<bool>(type: "boolean", nullable: false),
                    IsOpen = table.Column<bool>(type: "boolean", nullable: false),
                    OnDemand = table.Column<bool>(type: "boolean", nullable: false),
                    SynthesisJobId = table.Column<Guid>(type: "uuid", nullable: true),
                    Fallback = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    WaitedMs = table.Column<double>(type: "double precision", nullable: true),
                    CorrectCategory = table.Column<string>(type: "text", nullable: false),
                    StimulusKey = table.Column<string>(type: "text", nullable: false),
                    MaskSeed = table.Column<int>(type: "integer", nullable: false),
                    Choices = table.Column<string[]>(type: "text[]", nullable: true),
                    RepeatOf = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Trials", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Trials_Models_ModelId",
                        column: x => x.ModelId,
                        principalTable: "Models",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Trials_Sessions_SessionId",
                        column: x => x.SessionId,
                        principalTable: "Sessions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Trials_Stages_StageId",
                        column: x => x.StageId,
                        principalTable: "Stages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Trials_Stimuli_NaturalStimulusId",
                        column: x => x.NaturalStimulusId,
                        principalTable: "Stimuli",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Trials_Stimuli_StimulusId",
                        column: x => x.StimulusId,
                        principalTable: "Stimuli",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Trials_SynthesisJobs_SynthesisJobId",
                        column: x => x.SynthesisJobId,
                        principalTable: "SynthesisJobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "AdaptiveDecisions",
                columns: table => new
                {
                    TrialId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    AnswersUsed = table.Column<int>(type: "integer", nullable: false),
                    WantedLevel = table.Column<int>(type: "integer", nullable: false),
                    ShownLevel = table.Column<int>(type: "integer", nullable: true),
                    EstimatedLevel = table.Column<double>(type: "double precision", nullable: true),
                    EstimatedSd = table.Column<double>(type: "double precision", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AdaptiveDecisions", x => x.TrialId);
                    table.ForeignKey(
                        name: "FK_AdaptiveDecisions_Trials_TrialId",
                        column: x => x.TrialId,
                        principalTable: "Trials",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Responses",
                columns: table => new
                {
                    TrialId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Choice = table.Column<string>(type: "text", nullable: true),
                    Correct = table.Column<bool>(type: "boolean", nullable: false),
                    ReactionTimeMs = table.Column<double>(type: "double precision", nullable: true),
                    Confidence = table.Column<int>(type: "integer", nullable: true),
                    ConfidenceTimeMs = table.Column<double>(type: "double precision", nullable: true),
                    TimingJson = table.Column<string>(type: "text", nullable: false),
                    ReceivedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Responses", x => x.TrialId);
                    table.ForeignKey(
                        name: "FK_Responses_Trials_TrialId",
                        column: x => x.TrialId,
                        principalTable: "Trials",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ApiTokens_ResearcherId",
                table: "ApiTokens",
                column: "ResearcherId");

            migrationBuilder.CreateIndex(
                name: "IX_ApiTokens_TokenSha256",
                table: "ApiTokens",
                column: "TokenSha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AspNetRoleClaims_RoleId",
                table: "AspNetRoleClaims",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "RoleNameIndex",
                table: "AspNetRoles",
                column: "NormalizedName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserClaims_UserId",
                table: "AspNetUserClaims",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserLogins_UserId",
                table: "AspNetUserLogins",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserPasskeys_UserId",
                table: "AspNetUserPasskeys",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserRoles_RoleId",
                table: "AspNetUserRoles",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "EmailIndex",
                table: "AspNetUsers",
                column: "NormalizedEmail");

            migrationBuilder.CreateIndex(
                name: "UserNameIndex",
                table: "AspNetUsers",
                column: "NormalizedUserName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_Entity_Number",
                table: "AuditEntries",
                columns: new[] { "Entity", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_ResearcherId_Number",
                table: "AuditEntries",
                columns: new[] { "ResearcherId", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_StudyId_Number",
                table: "AuditEntries",
                columns: new[] { "StudyId", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_Campaigns_MetamerSetId",
                table: "Campaigns",
                column: "MetamerSetId");

            migrationBuilder.CreateIndex(
                name: "IX_Campaigns_Name",
                table: "Campaigns",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Campaigns_NaturalSetId",
                table: "Campaigns",
                column: "NaturalSetId");

            migrationBuilder.CreateIndex(
                name: "IX_Campaigns_PoolSetId",
                table: "Campaigns",
                column: "PoolSetId");

            migrationBuilder.CreateIndex(
                name: "IX_CellTallies_StudyVersionId",
                table: "CellTallies",
                column: "StudyVersionId");

            migrationBuilder.CreateIndex(
                name: "IX_ImportedStudies_Name",
                table: "ImportedStudies",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Invitations_TokenSha256",
                table: "Invitations",
                column: "TokenSha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MetamerVerdicts_StimulusId",
                table: "MetamerVerdicts",
                column: "StimulusId");

            migrationBuilder.CreateIndex(
                name: "IX_Metamers_ModelId",
                table: "Metamers",
                column: "ModelId");

            migrationBuilder.CreateIndex(
                name: "IX_Metamers_NaturalStimulusId_ModelId_StageId",
                table: "Metamers",
                columns: new[] { "NaturalStimulusId", "ModelId", "StageId" });

            migrationBuilder.CreateIndex(
                name: "IX_Metamers_StageId",
                table: "Metamers",
                column: "StageId");

            migrationBuilder.CreateIndex(
                name: "IX_ModelAccuracies_ModelId_AskedAt",
                table: "ModelAccuracies",
                columns: new[] { "ModelId", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ModelAccuracies_SetId",
                table: "ModelAccuracies",
                column: "SetId");

            migrationBuilder.CreateIndex(
                name: "IX_ModelAnswers_StimulusId",
                table: "ModelAnswers",
                column: "StimulusId");

            migrationBuilder.CreateIndex(
                name: "IX_Models_FamilyId_Version",
                table: "Models",
                columns: new[] { "FamilyId", "Version" });

            migrationBuilder.CreateIndex(
                name: "IX_Models_Name",
                table: "Models",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Models_Sha256",
                table: "Models",
                column: "Sha256",
                unique: true,
                filter: "\"Sha256\" <> ''");

            migrationBuilder.CreateIndex(
                name: "IX_PersonalLinks_StudyId_Code",
                table: "PersonalLinks",
                columns: new[] { "StudyId", "Code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Recruits_StudyId_IdSha256_Repeat",
                table: "Recruits",
                columns: new[] { "StudyId", "IdSha256", "Repeat" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ResultLooks_StudyId",
                table: "ResultLooks",
                column: "StudyId");

            migrationBuilder.CreateIndex(
                name: "IX_SessionEvents_SessionId",
                table: "SessionEvents",
                column: "SessionId");

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_Active",
                table: "Sessions",
                column: "StudyVersionId",
                filter: "\"State\" = 'Active'");

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_StudyVersionId_Number",
                table: "Sessions",
                columns: new[] { "StudyVersionId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_TallyIsDue",
                table: "Sessions",
                column: "StudyVersionId",
                filter: "\"TallyIsDue\"");

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_TokenSha256",
                table: "Sessions",
                column: "TokenSha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Sessions_WithdrawCode",
                table: "Sessions",
                column: "WithdrawCode",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SignedInBrowsers_ResearcherId",
                table: "SignedInBrowsers",
                column: "ResearcherId");

            migrationBuilder.CreateIndex(
                name: "IX_StageNulls_ModelId",
                table: "StageNulls",
                column: "ModelId");

            migrationBuilder.CreateIndex(
                name: "IX_StageNulls_PoolSetId",
                table: "StageNulls",
                column: "PoolSetId");

            migrationBuilder.CreateIndex(
                name: "IX_StageNulls_StageId_PoolSetId_PoolSha256_Augmentation_Pairs",
                table: "StageNulls",
                columns: new[] { "StageId", "PoolSetId", "PoolSha256", "Augmentation", "Pairs" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Stages_ModelId_Name",
                table: "Stages",
                columns: new[] { "ModelId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Stimuli_SetId_Category",
                table: "Stimuli",
                columns: new[] { "SetId", "Category" });

            migrationBuilder.CreateIndex(
                name: "IX_Stimuli_Sha256",
                table: "Stimuli",
                column: "Sha256");

            migrationBuilder.CreateIndex(
                name: "IX_StimulusSets_Name",
                table: "StimulusSets",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Studies_LinkKey",
                table: "Studies",
                column: "LinkKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StudyMembers_InvitationId",
                table: "StudyMembers",
                column: "InvitationId");

            migrationBuilder.CreateIndex(
                name: "IX_StudyMembers_ResearcherId",
                table: "StudyMembers",
                column: "ResearcherId");

            migrationBuilder.CreateIndex(
                name: "IX_StudyMembers_StudyId_ResearcherId",
                table: "StudyMembers",
                columns: new[] { "StudyId", "ResearcherId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StudyVersions_StudyId_Number",
                table: "StudyVersions",
                columns: new[] { "StudyId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SynthesisJobs_CampaignId_ModelId_StageId_NaturalStimulusId_~",
                table: "SynthesisJobs",
                columns: new[] { "CampaignId", "ModelId", "StageId", "NaturalStimulusId", "Seed", "LossLevel" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SynthesisJobs_CheckpointSha256",
                table: "SynthesisJobs",
                column: "CheckpointSha256");

            migrationBuilder.CreateIndex(
                name: "IX_SynthesisJobs_MetamerStimulusId",
                table: "SynthesisJobs",
                column: "MetamerStimulusId");

            migrationBuilder.CreateIndex(
                name: "IX_SynthesisJobs_ModelId",
                table: "SynthesisJobs",
                column: "ModelId");

            migrationBuilder.CreateIndex(
                name: "IX_SynthesisJobs_NaturalStimulusId",
                table: "SynthesisJobs",
                column: "NaturalStimulusId");

            migrationBuilder.CreateIndex(
                name: "IX_SynthesisJobs_StageId",
                table: "SynthesisJobs",
                column: "StageId");

            migrationBuilder.CreateIndex(
                name: "IX_SynthesisJobs_State",
                table: "SynthesisJobs",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_Trials_ModelId",
                table: "Trials",
                column: "ModelId");

            migrationBuilder.CreateIndex(
                name: "IX_Trials_NaturalStimulusId",
                table: "Trials",
                column: "NaturalStimulusId");

            migrationBuilder.CreateIndex(
                name: "IX_Trials_RepeatOf",
                table: "Trials",
                column: "RepeatOf",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Trials_SessionId_Position",
                table: "Trials",
                columns: new[] { "SessionId", "Position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Trials_StageId",
                table: "Trials",
                column: "StageId");

            migrationBuilder.CreateIndex(
                name: "IX_Trials_StimulusId",
                table: "Trials",
                column: "StimulusId");

            migrationBuilder.CreateIndex(
                name: "IX_Trials_StimulusKey",
                table: "Trials",
                column: "StimulusKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Trials_SynthesisJobId",
                table: "Trials",
                column: "SynthesisJobId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AdaptiveDecisions");

            migrationBuilder.DropTable(
                name: "ApiTokens");

            migrationBuilder.DropTable(
                name: "AspNetRoleClaims");

            migrationBuilder.DropTable(
                name: "AspNetUserClaims");

            migrationBuilder.DropTable(
                name: "AspNetUserLogins");

            migrationBuilder.DropTable(
                name: "AspNetUserPasskeys");

            migrationBuilder.DropTable(
                name: "AspNetUserRoles");

            migrationBuilder.DropTable(
                name: "AspNetUserTokens");

            migrationBuilder.DropTable(
                name: "AuditEntries");

            migrationBuilder.DropTable(
                name: "CellTallies");

            migrationBuilder.DropTable(
                name: "ImportedStudies");

            migrationBuilder.DropTable(
                name: "MetamerVerdicts");

            migrationBuilder.DropTable(
                name: "ModelAccuracies");

            migrationBuilder.DropTable(
                name: "ModelAnswers");

            migrationBuilder.DropTable(
                name: "PersonalLinks");

            migrationBuilder.DropTable(
                name: "Recruits");

            migrationBuilder.DropTable(
                name: "Responses");

            migrationBuilder.DropTable(
                name: "ResultLooks");

            migrationBuilder.DropTable(
                name: "SessionDigests");

            migrationBuilder.DropTable(
                name: "SessionEvents");

            migrationBuilder.DropTable(
                name: "SessionHeadphones");

            migrationBuilder.DropTable(
                name: "SessionQuestionnaires");

            migrationBuilder.DropTable(
                name: "SignedInBrowsers");

            migrationBuilder.DropTable(
                name: "StageNulls");

            migrationBuilder.DropTable(
                name: "StudyMembers");

            migrationBuilder.DropTable(
                name: "Workers");

            migrationBuilder.DropTable(
                name: "AspNetRoles");

            migrationBuilder.DropTable(
                name: "Metamers");

            migrationBuilder.DropTable(
                name: "Trials");

            migrationBuilder.DropTable(
                name: "AspNetUsers");

            migrationBuilder.DropTable(
                name: "Invitations");

            migrationBuilder.DropTable(
                name: "Sessions");

            migrationBuilder.DropTable(
                name: "SynthesisJobs");

            migrationBuilder.DropTable(
                name: "StudyVersions");

            migrationBuilder.DropTable(
                name: "Campaigns");

            migrationBuilder.DropTable(
                name: "Stages");

            migrationBuilder.DropTable(
                name: "Stimuli");

            migrationBuilder.DropTable(
                name: "Studies");

            migrationBuilder.DropTable(
                name: "Models");

            migrationBuilder.DropTable(
                name: "StimulusSets");
        }
    }
}
