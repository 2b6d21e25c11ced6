package edition

import "strconv"

// SiteID is the identifier of a site among the features of lieux: its lieu's, or its stop's.
func (e *Edition) SiteID(site int32) string {
	s := &e.Sites[site]
	if s.Tournee >= 0 {
		return StopID(e.Tournees[s.Tournee].ID, int(s.Stop))
	}
	return e.Lieux[s.Lieu].ID
}

// FindSite finds a site by its identifier.
func (e *Edition) FindSite(id string) (site int32, ok bool) {
	for i := range e.Sites {
		if e.SiteID(int32(i)) == id {
			return int32(i), true
		}
	}
	return -1, false
}

// StopID names a stop of a tournée: its number in it, from 1.
func StopID(tournee string, stop int) string { return tournee + "#" + strconv.Itoa(stop+1) }

// TourName is the name of a tournée: its own, or that of its lieu.
func (e *Edition) TourName(tournee int32) string {
	tour := &e.Tournees[tournee]
	if tour.Nom != "" {
		return tour.Nom
	}
	for i := range e.Lieux {
		if e.Lieux[i].ID == tour.LieuID {
			return e.Lieux[i].Nom
		}
	}
	return ""
}
