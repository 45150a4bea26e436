"""One host's firewall as text: taken live, from an archive or from plain files; hostile ones are refused."""
