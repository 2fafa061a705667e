using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PerceptionStudy.Server.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ModelAnswerScores : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ScoresJson",
                table: "ModelAnswers",
                type: "text",
                nullable: false,
                defaultValue: "{}");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ScoresJson",
                table: "ModelAnswers");
        }
    }
}
