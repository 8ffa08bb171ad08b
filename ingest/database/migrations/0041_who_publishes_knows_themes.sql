-- Who publishes, or finds themes anew, first asks whether the database knows every theme of the files.

grant select on meetpunt.theme to meetpunt_folder;
