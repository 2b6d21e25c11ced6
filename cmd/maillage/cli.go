package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/dataset"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// cli is the whole configuration: default < environment < flag. No other package
// reads the environment.
type cli struct {
	Store string `env:"MAILLAGE_STORE" placeholder:"MAGASIN" help:"Magasin : un fichier GeoPackage (.gpkg), ou une base PostGIS (postgres://utilisateur@serveur/base ; mot de passe de préférence dans PGPASSFILE) ; maillage.gpkg par défaut."`

	Demo     demoCmd     `cmd:"" help:"Charge l'Aisne, calcule une édition et sert la carte. Exemple : maillage demo --addr 127.0.0.1:8080"`
	Fetch    fetchCmd    `cmd:"" help:"Télécharge les données ouvertes officielles d'un département. Exemple : maillage fetch --departement 02 --dir data"`
	Import   importCmd   `cmd:"" help:"Importe des fichiers publiés, tout ou rien. Exemple : maillage import lieux lieux.csv"`
	Dataset  datasetCmd  `cmd:"" help:"Jeux de données du magasin : list, remove. Exemple : maillage dataset list"`
	Compute  computeCmd  `cmd:"" help:"Calcule et garde une édition. Exemple : maillage compute --cutoff 15m --min-hours 17.5h"`
	Serve    serveCmd    `cmd:"" help:"Sert la carte, les tuiles et l'API. Exemple : maillage serve --addr :8080"`
	Worker   workerCmd   `cmd:"" help:"Mène les travaux de la file d'une base. Exemple : maillage worker --store postgres://maillage@serveur/aisne --concurrency 2"`
	Jobs     jobsCmd     `cmd:"" help:"Travaux de la file : list, cancel. Exemple : maillage jobs --store postgres://maillage@serveur/aisne"`
	Gaps     gapsCmd     `cmd:"" help:"Analyse des écarts par territoire. Exemple : maillage gaps --level epci --format csv"`
	Simulate simulateCmd `cmd:"" help:"Dit ce qu'un scénario changerait. Exemple : maillage simulate scenario.json --mode bike"`
	Suggest  suggestCmd  `cmd:"" help:"Propose les prochains lieux, avec une borne prouvée. Exemple : maillage suggest --k 3 --service aide-demarches"`
	Horaires horairesCmd `cmd:"" help:"Dit quels horaires d'un lieu iraient avec les cars et bus. Exemple : maillage horaires france-services-3"`
	Tour     tourCmd     `cmd:"" help:"Propose la tournée d'un bus et vérifie qu'elle se conduit. Exemple : maillage tour --depot 3.5175,49.1936 --stops 8"`
	Export   exportCmd   `cmd:"" help:"Écrit les résultats en fichiers ouverts. Exemple : maillage export pmtiles aisne.pmtiles"`
	IFN      ifnCmd      `cmd:"" name:"ifn" help:"Indice de fragilité numérique. Exemple : maillage ifn --level epci"`
	Token    tokenCmd    `cmd:"" help:"Jetons d'écriture : create, list, revoke. Exemple : maillage token create \"Mission numérique\""`
	Copy     copyCmd     `cmd:"" help:"Copie tout un magasin dans un autre, sans perte. Exemple : maillage copy --from aisne.gpkg --to postgres://maillage@serveur/aisne"`
	Migrate  migrateCmd  `cmd:"" help:"Crée le magasin, ou met sa structure à jour. Exemple : maillage migrate --store postgres://maillage_migrate@serveur/aisne"`
	Doctor   doctorCmd   `cmd:"" help:"Vérifie le magasin, l'édition et les versions. Exemple : maillage doctor --store aisne.gpkg"`
	Version  versionCmd  `cmd:"" help:"Donne la version du programme."`
}

// session is what every command receives.
type session struct {
	ctx    context.Context
	given  string // --store or its environment variable; empty: neither
	stdout io.Writer
	stderr io.Writer
	log    *slog.Logger
}

// defaultStore is the store of commands that are given none.
const defaultStore = "maillage.gpkg"

func (s *session) store() string {
	if s.given == "" {
		return defaultStore
	}
	return s.given
}

// usageError is a mistake in how a command was called: exit code 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// newParser is what reads the words of a command into c.
func newParser(c *cli, stdout, stderr io.Writer, exit func(int)) (*kong.Kong, error) {
	return kong.New(c,
		kong.Name("maillage"),
		kong.Description("Qui est loin d'une aide au numérique, et ce qui changerait la donne."),
		kong.Vars{"modes": geo.ModesInWords("ou", geo.Mode.String), "streets": choices(byStreets()), "kinds": inWords(dataset.Names(), "ou"), "templates": strings.Join(dataset.WithTemplate(), ", ")},
		kong.Writers(stdout, stderr),
		kong.Exit(exit),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.Help(frenchHelp),
	)
}

// run is the program: it parses, runs one command, and says what went wrong.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exited := false
	parser, err := newParser(&c, stdout, stderr, func(int) { exited = true })
	if err != nil {
		fmt.Fprintln(stderr, "maillage:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited {
		return exitOK // --help was printed
	}
	if err != nil {
		fmt.Fprintf(stderr, "maillage: %v\nVoir : maillage --help\n", err)
		return exitUsage
	}
	s := &session{ctx: ctx, given: c.Store, stdout: stdout, stderr: stderr,
		log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))}
	err = command.Run(s)
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "maillage: %v\nVoir : maillage %s --help\n", err, strings.Fields(command.Command())[0])
		return exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(stderr, "maillage: interrompu ; le magasin est resté tel qu'il était.")
		return exitFailed
	}
	fmt.Fprintln(stderr, "maillage:", explain(err))
	return exitFailed
}

type versionCmd struct{}

func (versionCmd) Run(s *session) error {
	_, err := fmt.Fprintln(s.stdout, edition.Program)
	return err
}

// createFile opens a report or export for writing.
func createFile(path string) (*os.File, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("écriture de %s : %w", path, err)
	}
	return f, nil
}

// frenchHelp prints kong's help with its own words in French.
func frenchHelp(options kong.HelpOptions, ctx *kong.Context) error {
	stdout := ctx.Stdout
	var b bytes.Buffer
	ctx.Stdout = &b
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = stdout
	if err != nil {
		return err
	}
	_, err = strings.NewReplacer("Usage: ", "Usage : ", "<command>", "<commande>", "[flags]", "[options]", "Arguments:", "Arguments :",
		"Flags:", "Options :", "Commands:", "Commandes :", "Show context-sensitive help.", "Affiche cette aide.",
		`Run "maillage <command> --help" for more information on a command.`, "Le détail d'une commande : maillage <commande> --help").WriteString(stdout, b.String())
	return err
}
