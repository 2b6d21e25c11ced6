-- What the national schema says of a lieu beside what is computed with; reserve and zone are
-- codes separated by "|".
ALTER TABLE lieux ADD COLUMN accueil_inconnu BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE lieux ADD COLUMN a_distance BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE lieux ADD COLUMN a_domicile BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE lieux ADD COLUMN reserve TEXT;
ALTER TABLE lieux ADD COLUMN zone TEXT;
ALTER TABLE lieux ADD COLUMN complement TEXT;
ALTER TABLE lieux ADD COLUMN telephone TEXT;
ALTER TABLE lieux ADD COLUMN courriel TEXT;
ALTER TABLE lieux ADD COLUMN publics TEXT;
ALTER TABLE lieux ADD COLUMN prise_en_charge TEXT;
ALTER TABLE lieux ADD COLUMN labels TEXT;
ALTER TABLE lieux ADD COLUMN autres_labels TEXT;
ALTER TABLE lieux ADD COLUMN modalites_acces TEXT;
ALTER TABLE lieux ADD COLUMN modalites_accompagnement TEXT;
ALTER TABLE lieux ADD COLUMN rendez_vous TEXT;
ALTER TABLE lieux ADD COLUMN acces_libre TEXT;
ALTER TABLE lieux ADD COLUMN resume TEXT;
ALTER TABLE lieux ADD COLUMN presentation TEXT;
ALTER TABLE lieux ADD COLUMN structure TEXT;
ALTER TABLE lieux ADD COLUMN commentaire TEXT;
ALTER TABLE lieux ADD COLUMN rendez_vous_creneaux BLOB;
ALTER TABLE stops ADD COLUMN rendez_vous_creneaux BLOB;

INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES
  ('lieux', 'rendez_vous_creneaux', 'Quarts d’heure sur rendez-vous sur 4 semaines ; vide : aucun'),
  ('stops', 'rendez_vous_creneaux', 'Quarts d’heure sur rendez-vous sur 4 semaines ; vide : aucun'),
  ('lieux', 'accueil_inconnu', 'Accueil du public inconnu'),
  ('lieux', 'a_distance', 'Aide à distance'),
  ('lieux', 'a_domicile', 'Aide à domicile'),
  ('lieux', 'reserve', 'Réservé aux habitants de (codes)'),
  ('lieux', 'zone', 'Aide à distance ou à domicile : où (codes)'),
  ('lieux', 'complement', 'Complément d''adresse'),
  ('lieux', 'telephone', 'Téléphone du lieu'),
  ('lieux', 'courriel', 'Adresse électronique du lieu'),
  ('lieux', 'publics', 'Publics spécifiquement adressés'),
  ('lieux', 'prise_en_charge', 'Prise en charge spécifique'),
  ('lieux', 'labels', 'Formations et labels'),
  ('lieux', 'autres_labels', 'Autres formations et labels'),
  ('lieux', 'modalites_acces', 'Modalités d''accès'),
  ('lieux', 'modalites_accompagnement', 'Modalités d''accompagnement'),
  ('lieux', 'rendez_vous', 'Prise de rendez-vous (adresse)'),
  ('lieux', 'acces_libre', 'Fiche Accès Libre (adresse)'),
  ('lieux', 'resume', 'Présentation, résumé'),
  ('lieux', 'presentation', 'Présentation'),
  ('lieux', 'structure', 'Structure parente'),
  ('lieux', 'commentaire', 'Remarques sur les horaires et les permanences');
