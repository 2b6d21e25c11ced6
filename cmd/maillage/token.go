package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/store"
)

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Crée un jeton et l'affiche, une seule fois. Exemple : maillage token create \"Mission numérique\""`
	List   tokenListCmd   `cmd:"" help:"Liste les jetons : leur nom et leur date, jamais le jeton."`
	Revoke tokenRevokeCmd `cmd:"" help:"Révoque un jeton : il ne permet plus d'écrire. Exemple : maillage token revoke \"Mission numérique\""`
}

type tokenCreateCmd struct {
	Name string `arg:"" help:"À qui ou à quoi sert le jeton."`
	JSON bool   `name:"json" help:"Écrit le jeton en JSON."`
}

func (c *tokenCreateCmd) Run(s *session) (err error) {
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	all, err := tokens(s, st)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.Name == c.Name {
			return fmt.Errorf("jeton « %s » : il existe déjà ; révoquez-le d'abord, ou prenez un autre nom", c.Name)
		}
	}
	secret := "mlg_" + rand.Text() // 128 bits at least
	created := time.Now().UTC().Format(time.RFC3339)
	data, err := json.Marshal(desk.Token{Name: c.Name, Created: created})
	if err != nil {
		return fmt.Errorf("jeton : %w", err)
	}
	if err := st.PutDocument(s.ctx, desk.KindToken, desk.TokenID(secret), data); err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(s.stdout, map[string]string{"name": c.Name, "created": created, "token": secret})
	}
	_, err = fmt.Fprintf(s.stdout, "%s\n\nJeton « %s », à garder secret : il n'est affiché qu'une fois, seule son empreinte est conservée.\nUsage : en-tête HTTP « Authorization: Bearer %s… »\n", secret, c.Name, secret[:8])
	return err
}

type tokenListCmd struct {
	JSON bool `name:"json" help:"Écrit la liste en JSON."`
}

func (c *tokenListCmd) Run(s *session) (err error) {
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	all, err := tokens(s, st)
	if err != nil {
		return err
	}
	if c.JSON {
		list := make([]desk.Token, len(all))
		for i, t := range all {
			list[i] = t.Token
		}
		return writeJSON(s.stdout, list)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(s.stdout, "aucun jeton")
		return err
	}
	t := newTable("nom", "créé le (UTC)")
	for _, one := range all {
		t.add(one.Name, one.Created)
	}
	return t.write(s.stdout)
}

type tokenRevokeCmd struct {
	Name string `arg:"" help:"Nom du jeton."`
}

func (c *tokenRevokeCmd) Run(s *session) (err error) {
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	all, err := tokens(s, st)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.Name == c.Name {
			if err := st.DeleteDocument(s.ctx, desk.KindToken, t.id); err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.stdout, "jeton « %s » révoqué\n", c.Name)
			return err
		}
	}
	return fmt.Errorf("jeton « %s » : il n'existe pas ; voir maillage token list", c.Name)
}

// storedToken is a stored token and the id of its document.
type storedToken struct {
	desk.Token
	id string
}

func tokens(s *session, st store.Documents) ([]storedToken, error) {
	documents, err := st.Documents(s.ctx, desk.KindToken)
	if err != nil {
		return nil, err
	}
	var all []storedToken
	var faults []error
	for _, doc := range documents {
		t := storedToken{id: doc.ID}
		if err := json.Unmarshal(doc.Data, &t.Token); err != nil {
			faults = append(faults, fmt.Errorf("jeton %s : %w", doc.ID, err))
		}
		all = append(all, t)
	}
	return all, errors.Join(faults...)
}
