"""`rag eval`: measure the answers on questions whose answers are known, and pass or fail."""

import typer

from ui.commands.eval_calibrate_cmd import calibrate_folder
from ui.commands.eval_gate_cmd import accept_run, compare_runs, gate_run
from ui.commands.eval_run_cmd import run_set
from ui.commands.eval_set_cmd import add_item, new_set, validate_set
from ui.commands.eval_sweep_cmd import sweep_set

eval_app = typer.Typer(no_args_is_help=True, help="Measure answers on questions with known answers.")

eval_app.command("run")(run_set)
eval_app.command("compare")(compare_runs)
eval_app.command("gate")(gate_run)
eval_app.command("accept")(accept_run)
eval_app.command("calibrate")(calibrate_folder)
eval_app.command("validate")(validate_set)
eval_app.command("new")(new_set)
eval_app.command("add")(add_item)
eval_app.command("sweep")(sweep_set)
